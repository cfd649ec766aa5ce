package dev.freecp.evaluate.data;

import java.util.List;
import java.util.Map;

/** A labelled data set on disk, opened and checked. */
public interface DataSet {

    /** The preset's key, such as {@code voc21}, or {@code folder}. */
    String name();

    /** In words, which of the layouts was found: {@code PASCAL VOC devkit}. */
    String layout();

    /** What else decides how label files become labels, as it becomes JSON: for a folder its zero-label reduction and palette; empty for a preset. */
    Map<String, Object> reading();

    /** In the order of the split file, else sorted by name; never empty. */
    List<Sample> samples();

    /** Number of evaluated classes, a background included. */
    int classes();

    /** Names of the labels 0..classes-1, the first synonym of each, for tables. */
    List<String> classNames();
}
