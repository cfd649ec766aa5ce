package dev.freecp.ops;

/**
 * A box on a token grid, columns {@code x0 <= x < x1}, rows {@code y0 <= y < y1}; unlike a {@link Region} it may be empty (specification,
 * section 6.1: a component in the last column or row).
 */
public record Box(int x0, int y0, int x1, int y1) implements Comparable<Box> {

    /** Empty in either direction. */
    public boolean isEmpty() {
        return x0 == x1 || y0 == y1;
    }

    /** By x0, y0, x1, y1: the order of boxes never matters, so lists are kept sorted. */
    @Override
    public int compareTo(Box o) {
        int c = Integer.compare(x0, o.x0);
        if (c == 0) c = Integer.compare(y0, o.y0);
        if (c == 0) c = Integer.compare(x1, o.x1);
        return c != 0 ? c : Integer.compare(y1, o.y1);
    }
}
