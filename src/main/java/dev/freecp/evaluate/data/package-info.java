/** Labelled data sets as people have them on disk: which layout lies in a folder, which pictures are evaluated, and their true labels. */
package dev.freecp.evaluate.data;
