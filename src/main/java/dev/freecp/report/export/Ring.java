package dev.freecp.report.export;

/**
 * A closed line. The pixel in row y and column x fills the square from (x, y) to (x + 1, y + 1).
 *
 * @param xy x and y of each corner in turn, without the first one again at the end
 */
record Ring(int[] xy) {

    int corners() {
        return xy.length / 2;
    }

    int x(int corner) {
        return xy[2 * corner];
    }

    int y(int corner) {
        return xy[2 * corner + 1];
    }

    /** Twice the area inside; positive if the inside lies on the right hand in a picture, whose y axis points down. */
    long doubledArea() {
        long sum = 0;
        for (int i = 0; i < corners(); i++) {
            int next = (i + 1) % corners();
            sum += (long) x(i) * y(next) - (long) x(next) * y(i);
        }
        return sum;
    }
}
