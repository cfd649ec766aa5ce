package dev.freecp.parity;

import dev.freecp.error.InputException;
import dev.freecp.image.Windows;
import dev.freecp.ops.Mosaic;
import dev.freecp.ops.Region;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Sizes of the pictures that {@code slideK} of {@code units/slide_post} were cut from, and their windows: no file of the folder has them, only the
 * words of its README ({@code K=0: 40x52, 24, 10, 61x83}), with those of the first goldens as the fallback.
 */
record SlideSizes(Map<String, int[]> sizes) {

    private static final Pattern SIZES = Pattern.compile("K=(\\d+): (\\d+)x(\\d+), (\\d+), (\\d+), (\\d+)x(\\d+)");
    private static final String FALLBACK = "K=0: 40x52, 24, 10, 61x83; K=1: 30x20, 24, 12, 30x20";

    static SlideSizes read(Path readme) {
        try {
            Map<String, int[]> sizes = parse(FALLBACK);
            if (Files.isRegularFile(readme)) sizes.putAll(parse(Files.readString(readme)));
            return new SlideSizes(sizes);
        } catch (IOException e) {
            throw new InputException(readme + ": cannot be read: " + e.getMessage(), e);
        }
    }

    private static Map<String, int[]> parse(String text) {
        Map<String, int[]> sizes = new HashMap<>();
        for (Matcher at = SIZES.matcher(text); at.find();) {
            int[] numbers = new int[4];
            for (int i = 0; i < numbers.length; i++) numbers[i] = Integer.parseInt(at.group(i + 2));
            sizes.put("slide" + at.group(1), numbers);
        }
        return sizes;
    }

    /** The mosaic of a slide whose windows, as many as given, have one cell a pixel. */
    Mosaic mosaic(String name, int count, int height, int width, int outputHeight, int outputWidth) {
        int[] size = sizes.get(name);
        if (size == null) throw new InputException("slide_post: the README of the goldens does not say the sizes of " + name + " (as K=0: 40x52, 24, 10, 61x83)");
        List<Region> windows = Windows.of(size[0], size[1], size[2], size[3], 1);
        if (windows.size() != count || windows.getFirst().height() != height || windows.getFirst().width() != width)
            throw new InputException("slide_post: " + name + " has " + count + " windows of " + height + " x " + width + ", which do not fit the README's sizes");
        return new Mosaic(size[0], size[1], windows, height, width, outputHeight, outputWidth);
    }
}
