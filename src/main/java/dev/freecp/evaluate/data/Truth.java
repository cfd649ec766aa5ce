package dev.freecp.evaluate.data;

import dev.freecp.image.LabelMap;

/** The true labels of one picture. */
@FunctionalInterface
public interface Truth {

    /**
     * Reads them, at the size of the annotation: labels 0..K-1, and {@link dev.freecp.evaluate.ConfusionMatrix#IGNORED} where nothing is judged.
     *
     * @throws dev.freecp.error.InputException naming the file if it is missing, broken, or holds values that its layout does not know
     */
    LabelMap read();
}
