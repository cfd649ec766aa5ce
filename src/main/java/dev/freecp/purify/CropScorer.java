package dev.freecp.purify;

import dev.freecp.ops.Box;
import java.util.List;

/** Takes a closer look at regions of windows (specification, section 8 step 3). */
@FunctionalInterface
public interface CropScorer {

    /**
     * A region to look at.
     *
     * @param window number of the window
     * @param box    on its token grid, not empty
     */
    record Request(int window, Box box) {
    }

    /** For each request the scaled cosine of the crop's class feature with the descriptions of every class word: (requests, words). */
    float[][] score(List<Request> requests);
}
