package dev.freecp.evaluate.data;

import dev.freecp.evaluate.TruthLabels;
import dev.freecp.image.LabelMap;

/**
 * Truth in whose files 0 means "other" and classes count from 1.
 *
 * @param counted the labels as counted there
 */
record ReducedTruth(Truth counted) implements Truth {

    @Override
    public LabelMap read() {
        LabelMap map = counted.read();
        TruthLabels.reduceZero(map.labels());
        return map;
    }
}
