package dev.freecp.parity;

import dev.freecp.clip.Clip;
import dev.freecp.ops.Ops;
import dev.freecp.segment.Segmenter;

/**
 * A checkpoint of the golden folder on a backend of its own.
 *
 * @param name      of its folder
 * @param segmenter owns the backend
 * @param ops       the backend
 */
record Model(String name, Segmenter segmenter, Ops ops) {

    Clip clip() {
        return segmenter.clip();
    }
}
