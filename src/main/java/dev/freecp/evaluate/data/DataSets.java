package dev.freecp.evaluate.data;

import java.nio.file.Path;
import java.util.List;

/** Opens data sets. */
public final class DataSets {

    private DataSets() {
    }

    /**
     * What the caller may choose.
     *
     * @param split           name of the split, such as {@code val}, or of a split file; null for the data set's own
     * @param classNames      names of the labels in order; null for the preset's. A folder without a preset needs them
     * @param reduceZeroLabel for a folder: label 0 of its files is not judged, and the others count from 1
     */
    public record Options(String split, List<String> classNames, boolean reduceZeroLabel) {

        /** The data set's own split and names. */
        public static final Options DEFAULT = new Options(null, null, false);
    }

    /**
     * Finds which layout of a data set lies under a folder.
     *
     * @param root    the folder
     * @param preset  key of a {@link dev.freecp.segment.Preset}; null for a folder laid out as PASCAL VOC
     * @throws dev.freecp.error.InputException that tells the files expected, the files found and the first mismatch
     */
    public static DataSet open(Path root, String preset, Options options) {
        throw new UnsupportedOperationException("comes with the layouts");
    }
}
