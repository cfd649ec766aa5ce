package dev.freecp.evaluate.data;

import dev.freecp.error.InputException;
import dev.freecp.error.UsageException;
import dev.freecp.segment.Preset;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Opens data sets: finds out which of the known layouts lies under a folder, and checks that every picture has its labels. */
public final class DataSets {

    /** Name of a data set that is none of the eight: a folder laid out as PASCAL VOC, with classes of its own. */
    public static final String FOLDER = "folder";

    private DataSets() {
    }

    /**
     * What the caller may choose.
     *
     * @param split           name of the split, such as {@code val}, or path of a file that lists ids, one a line; null for the data set's own.
     *                        A folder without a preset and without {@code ImageSets} has no splits: all its pictures are meant
     * @param classNames      names of the labels in order; null for the preset's. A folder without a preset needs them
     * @param reduceZeroLabel for a folder: label 0 of its files is not judged and the others count from 1. A preset knows this itself
     * @param palette         for a folder whose label files hold colours instead of indices: a text file with a line {@code R G B} for each label in
     *                        order, and lines {@code void R G B} for what is not judged; otherwise null
     */
    public record Options(String split, List<String> classNames, boolean reduceZeroLabel, Path palette) {

        /** The data set's own split and names. */
        public static final Options DEFAULT = new Options(null, null, false, null);
    }

    private record Opened(String name, String layout, Map<String, Object> reading, List<Sample> samples, List<String> classNames)
        implements DataSet {

        @Override
        public int classes() {
            return classNames.size();
        }
    }

    /**
     * Finds which layout of a data set lies under a folder, and that all its files are there; reads no labels yet.
     *
     * @param root   the folder; a layout may also lie in one of its usual subfolders, such as {@code VOCdevkit/VOC2012}
     * @param preset key of a {@link Preset}; null or {@link #FOLDER} for a folder laid out as PASCAL VOC
     * @throws InputException if no layout fits: it tells the files expected, the files found and the first mismatch
     * @throws UsageException if there is no such preset, or the options do not suit it
     */
    public static DataSet open(Path root, String preset, Options options) {
        if (!Files.isDirectory(root))
            throw new InputException(root + ": wanted the folder of a data set, " + (Files.exists(root) ? "this is a file" : "there is none of this name"));
        if (preset == null || preset.equals(FOLDER)) return folder(root, options);
        Preset known = Preset.of(preset);
        if (options.palette() != null) {
            throw new UsageException("a palette is for a folder of one's own; " + known.key() + " has labels, not colours");
        }
        List<String> names = known.vocabulary().labelNames();
        if (options.classNames() != null && options.classNames().size() != names.size()) {
            throw new UsageException(known.key() + " has " + names.size() + " labels, but " + options.classNames().size() + " names were given");
        }
        return open(root, known.key(), Layouts.of(known), Map.of(), options.split(), options.classNames() == null ? names : options.classNames());
    }

    private static DataSet folder(Path root, Options options) {
        if (options.classNames() == null || options.classNames().isEmpty()) {
            throw new UsageException("a folder of one's own needs a class list: name the classes in the order of their labels");
        }
        ColorTable colors = options.palette() == null ? null : ColorTable.read(options.palette(), options.classNames().size());
        boolean listed = options.split() != null || Files.exists(root.resolve("ImageSets"));
        Map<String, Object> reading = new LinkedHashMap<>();
        reading.put("reduce_zero_label", options.reduceZeroLabel());
        reading.put("palette", colors == null ? null : colors.named());
        return open(root, FOLDER, Layouts.folder(colors, options.reduceZeroLabel(), listed), reading, options.split(), options.classNames());
    }

    private static DataSet open(Path root, String name, Layouts layouts, Map<String, Object> reading, String chosen, List<String> classNames) {
        String split = chosen == null ? layouts.defaultSplit() : chosen;
        Attempt best = null;
        Layout bestLayout = null;
        for (Layout layout : layouts.layouts()) {
            for (String base : layouts.bases()) {
                Attempt attempt = layout.open(new Tree(root, root.resolve(base), split));
                if (attempt.fits()) return new Opened(name, layout.name(), reading, List.copyOf(attempt.samples()), List.copyOf(classNames));
                if (best == null || attempt.met() > best.met()) {
                    best = attempt;
                    bestLayout = layout;
                }
            }
        }
        throw new InputException(refusal(root, name, split, layouts, bestLayout, best));
    }

    private static String refusal(Path root, String name, String split, Layouts layouts, Layout nearest, Attempt attempt) {
        StringBuilder text = new StringBuilder();
        text.append(root).append(": no ").append(name).append(" data set of a known layout: ").append(attempt.mismatch());
        text.append("; expected, for ").append(nearest.name()).append(", ").append(String.join(", ", nearest.expects()).replace(Tree.SPLIT, split));
        List<String> below = layouts.bases().stream().filter(base -> !base.isEmpty()).toList();
        if (!below.isEmpty()) text.append(" (here or in ").append(String.join(" or ", below)).append(")");
        text.append("; found ").append(attempt.found());
        List<String> others = layouts.layouts().stream().map(Layout::name).distinct().filter(other -> !other.equals(nearest.name())).toList();
        if (!others.isEmpty()) text.append("; also read would be: ").append(String.join(", ", others));
        return text.toString();
    }
}
