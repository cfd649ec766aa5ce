package dev.freecp.evaluate.data;

import dev.freecp.error.InputException;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * Where a layout is looked for.
 *
 * @param root  the folder that the user named
 * @param base  the same or a folder below it; what is not there may also lie in {@code root}, where people unpack an additional archive
 * @param split what stands for {@link #SPLIT} in paths
 */
record Tree(Path root, Path base, String split) {

    /** Placeholder of the split's name in the paths of layouts. */
    static final String SPLIT = "{split}";

    private static final int SHOWN = 6;

    /** The file or folder of a relative path. */
    Path at(String path) {
        String relative = path.replace(SPLIT, split);
        Path below = base.resolve(relative);
        return !Files.exists(below) && Files.exists(root.resolve(relative)) ? root.resolve(relative) : below;
    }

    /** The file of a split: the one that the user named by its path, else that of the layout. */
    Path splitFile(String path) {
        return Files.isRegularFile(Path.of(split)) ? Path.of(split) : at(path);
    }

    /** A path as messages show it: relative to the root where it lies below. */
    String shown(Path path) {
        return path.startsWith(root) && !path.equals(root) ? root.relativize(path).toString() : path.toString();
    }

    /** What the nearest folder at or above a missing path holds: {@code in annotations: a.json, b/}. */
    String foundNear(Path missing) {
        Path folder = missing;
        while (!Files.isDirectory(folder)) folder = folder.toAbsolutePath().getParent();
        List<String> names;
        try (Stream<Path> entries = Files.list(folder)) {
            names = entries.map(entry -> entry.getFileName() + (Files.isDirectory(entry) ? "/" : "")).sorted().toList();
        } catch (IOException e) {
            throw new InputException(folder + ": cannot be listed: " + e.getMessage(), e);
        }
        if (names.isEmpty()) return "nothing in " + shown(folder);
        String some = String.join(", ", names.subList(0, Math.min(SHOWN, names.size())));
        return "in " + shown(folder) + ": " + some + (names.size() > SHOWN ? " and " + (names.size() - SHOWN) + " more" : "");
    }
}
