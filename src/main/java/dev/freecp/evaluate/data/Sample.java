package dev.freecp.evaluate.data;

import java.nio.file.Path;

/**
 * One labelled picture.
 *
 * @param id      what the data set calls it, such as {@code 2007_000033}
 * @param picture its file
 * @param truth   its labels, read on demand
 */
public record Sample(String id, Path picture, Truth truth) {
}
