package dev.freecp.evaluate.data;

import dev.freecp.clip.Utf8Lines;
import dev.freecp.error.InputException;
import dev.freecp.evaluate.ConfusionMatrix;
import dev.freecp.image.LabelMap;
import dev.freecp.image.Picture;
import dev.freecp.image.Pictures;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Which colours of label pictures stand for which labels. The file has a line {@code R G B} for each label in order, and may have lines
 * {@code void R G B} for what is not judged; {@code #} begins a comment.
 */
final class ColorTable {

    private static final String VOID = "void";

    private final Path file;
    private final Map<Integer, Integer> labels;

    private ColorTable(Path file, Map<Integer, Integer> labels) {
        this.file = file;
        this.labels = labels;
    }

    /** @throws InputException if the file is missing or wrong, or does not have as many colours as there are classes */
    static ColorTable read(Path file, int classes) {
        Map<Integer, Integer> labels = new HashMap<>();
        int label = 0;
        List<String> lines = Utf8Lines.read(file);
        for (int i = 0; i < lines.size(); i++) {
            String line = lines.get(i).strip();
            if (line.isEmpty() || line.startsWith("#")) continue;
            boolean isVoid = line.startsWith(VOID);
            int color = color(file, i + 1, isVoid ? line.substring(VOID.length()).strip() : line);
            if (labels.putIfAbsent(color, isVoid ? ConfusionMatrix.IGNORED : label++) != null) {
                throw new InputException(file + ": line " + (i + 1) + " has a colour that has come before; every label needs its own");
            }
        }
        if (label != classes) throw new InputException(file + ": has colours for " + label + " labels, but there are " + classes + " classes");
        return new ColorTable(file, labels);
    }

    private static int color(Path file, int line, String text) {
        String[] parts = text.split("[\\s,]+");
        int color = 0;
        for (String part : parts) {
            if (parts.length != 3 || !part.matches("\\d{1,3}") || Integer.parseInt(part) > 255) {
                throw new InputException(file + ": line " + line + " must be a colour of three numbers from 0 to 255, but is '" + text + "'");
            }
            color = color << 8 | Integer.parseInt(part);
        }
        return color;
    }

    /** Colour as {@code #rrggbb} to label, sorted. */
    SortedMap<String, Integer> named() {
        SortedMap<String, Integer> named = new TreeMap<>();
        labels.forEach((color, label) -> named.put(String.format("#%06x", color), label));
        return named;
    }

    /** @throws InputException naming the file if it is no picture or holds a colour that stands for nothing */
    LabelMap labels(Path labelFile) {
        Picture picture = Pictures.read(labelFile);
        int[] found = new int[picture.height() * picture.width()];
        for (int y = 0; y < picture.height(); y++) {
            for (int x = 0; x < picture.width(); x++) {
                int rgb = picture.rgb(y, x);
                Integer label = labels.get(rgb);
                if (label == null) {
                    throw new InputException(labelFile + ": has the colour " + (rgb >> 16) + " " + (rgb >> 8 & 255) + " " + (rgb & 255)
                        + " at row " + y + ", column " + x + ", which is not in " + file);
                }
                found[y * picture.width() + x] = label;
            }
        }
        return new LabelMap(picture.height(), picture.width(), found);
    }
}
