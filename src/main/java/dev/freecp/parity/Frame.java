package dev.freecp.parity;

import dev.freecp.purify.PurifySettings;
import java.util.Arrays;

/**
 * What the class maps of one window are about.
 *
 * @param queries    Q, query words
 * @param background B, how many of them, the first ones, only compete
 * @param height     h, rows of the token grid
 * @param width      w, its columns
 * @param settings   thresholds
 */
record Frame(int queries, int background, int height, int width, PurifySettings settings) {

    /** C. */
    int classes() {
        return queries - background;
    }

    /** n. */
    int cells() {
        return height * width;
    }

    /** The maps of the classes alone. */
    float[] classesOf(float[] maps) {
        return Arrays.copyOfRange(maps, background * (maps.length / queries), maps.length);
    }

    /** Maps of the classes behind empty ones of the background words, as the released program keeps R. */
    float[] withBackground(float[] maps) {
        int size = maps.length / classes();
        float[] all = new float[queries * size];
        System.arraycopy(maps, 0, all, background * size, maps.length);
        return all;
    }

    /** Largest minus smallest value of maps (C, n), one for each query word; 0 for the background's. */
    float[] ranges(float[] maps) {
        float[] ranges = new float[queries];
        for (int c = 0; c < classes(); c++) {
            float min = Float.POSITIVE_INFINITY, max = Float.NEGATIVE_INFINITY;
            for (int i = c * cells(); i < (c + 1) * cells(); i++) {
                min = Math.min(min, maps[i]);
                max = Math.max(max, maps[i]);
            }
            ranges[background + c] = max - min;
        }
        return ranges;
    }
}
