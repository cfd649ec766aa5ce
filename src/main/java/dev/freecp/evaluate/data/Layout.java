package dev.freecp.evaluate.data;

import java.util.List;

/** One way in which a data set lies on disk. */
interface Layout {

    /** In words: {@code PASCAL VOC devkit}. */
    String name();

    /** The files that make it, as patterns for messages: {@code JPEGImages/*.jpg}. */
    List<String> expects();

    /** Looks whether this layout is what lies there. */
    Attempt open(Tree tree);
}
