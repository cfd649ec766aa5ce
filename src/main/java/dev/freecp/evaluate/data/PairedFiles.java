package dev.freecp.evaluate.data;

import dev.freecp.clip.Utf8Lines;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;

/**
 * Pictures in one folder, a label file for each in another.
 *
 * @param list   the file that lists the stems of a split; null where every picture of the folder is meant
 * @param reader makes the truth of a label file
 */
record PairedFiles(String name, FileSet pictures, FileSet labels, String list, Function<Path, Truth> reader) implements Layout {

    @Override
    public List<String> expects() {
        List<String> patterns = new ArrayList<>(List.of(pictures.pattern(), labels.pattern()));
        if (list != null) patterns.add(list);
        return patterns;
    }

    @Override
    public Attempt open(Tree tree) {
        for (FileSet files : List.of(pictures, labels)) {
            Path folder = files.folder(tree);
            if (!Files.isDirectory(folder)) {
                return Attempt.fails(files == pictures ? 0 : 1, "there is no folder " + tree.shown(folder), tree.foundNear(folder));
            }
        }
        return list == null ? openAll(tree) : openListed(tree);
    }

    private Attempt openListed(Tree tree) {
        Path file = tree.splitFile(list);
        if (!Files.isRegularFile(file)) return Attempt.fails(2, "there is no file " + tree.shown(file), tree.foundNear(file));
        List<String> stems = Utf8Lines.read(file).stream().map(String::strip).filter(line -> !line.isEmpty()).toList();
        if (stems.isEmpty()) return Attempt.fails(3, tree.shown(file) + " lists no picture", tree.foundNear(file));
        Set<String> seen = new HashSet<>();
        List<Sample> samples = new ArrayList<>(stems.size());
        for (String stem : stems) {
            if (!seen.add(stem)) return Attempt.fails(3, tree.shown(file) + " lists " + stem + " twice", tree.foundNear(file));
            Path picture = pictures.file(tree, stem);
            if (!Files.isRegularFile(picture)) {
                String mismatch = "there is no " + tree.shown(picture) + ", which " + tree.shown(file) + " lists";
                return Attempt.fails(3, mismatch, tree.foundNear(picture.getParent()));
            }
            Attempt missing = pair(tree, stem, picture, samples);
            if (missing != null) return missing;
        }
        return Attempt.fits(samples);
    }

    private Attempt openAll(Tree tree) {
        List<Sample> samples = new ArrayList<>();
        for (var picture : pictures.files(tree).entrySet()) {
            Attempt missing = pair(tree, picture.getKey(), picture.getValue(), samples);
            if (missing != null) return missing;
        }
        if (samples.isEmpty()) {
            Path folder = pictures.folder(tree);
            return Attempt.fails(2, tree.shown(folder) + " has no file that ends in " + pictures.suffixes().getFirst(), tree.foundNear(folder));
        }
        return Attempt.fits(samples);
    }

    /** Adds a picture with its labels, or tells that it has none. */
    private Attempt pair(Tree tree, String stem, Path picture, List<Sample> samples) {
        Path label = labels.file(tree, stem);
        if (!Files.isRegularFile(label)) {
            String mismatch = "there is no " + tree.shown(label) + " with the labels of " + tree.shown(picture);
            return Attempt.fails(3, mismatch, tree.foundNear(label.getParent()));
        }
        samples.add(new Sample(stem.substring(stem.lastIndexOf('/') + 1), picture, reader.apply(label)));
        return null;
    }
}
