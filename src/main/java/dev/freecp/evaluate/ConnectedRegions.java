package dev.freecp.evaluate;

import dev.freecp.image.LabelMap;

/** Sizes of the 8-connected regions of equal labels. */
final class ConnectedRegions {

    private ConnectedRegions() {
    }

    /** For every pixel the ordinal of the {@link RegionSize} of its region. */
    static byte[] sizes(LabelMap map) {
        int[] labels = map.labels();
        byte[] sizes = new byte[labels.length];
        boolean[] reached = new boolean[labels.length];
        int[] region = new int[labels.length];                      // the pixels of the region that is being filled: a queue that is never emptied
        for (int seed = 0; seed < labels.length; seed++) {
            if (reached[seed]) continue;
            int count = 0;
            region[count++] = seed;
            reached[seed] = true;
            for (int next = 0; next < count; next++) count = spread(map, region[next], reached, region, count);
            byte size = (byte) RegionSize.of(count).ordinal();
            for (int i = 0; i < count; i++) sizes[region[i]] = size;
        }
        return sizes;
    }

    /** Adds the neighbours of a pixel that have its label and were not reached before. */
    private static int spread(LabelMap map, int pixel, boolean[] reached, int[] region, int count) {
        int[] labels = map.labels();
        int y = pixel / map.width(), x = pixel % map.width(), total = count;
        for (int ny = Math.max(y - 1, 0); ny <= Math.min(y + 1, map.height() - 1); ny++) {
            for (int nx = Math.max(x - 1, 0); nx <= Math.min(x + 1, map.width() - 1); nx++) {
                int neighbour = ny * map.width() + nx;
                if (reached[neighbour] || labels[neighbour] != labels[pixel]) continue;
                reached[neighbour] = true;
                region[total++] = neighbour;
            }
        }
        return total;
    }
}
