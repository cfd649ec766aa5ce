package dev.freecp.evaluate.data;

import dev.freecp.error.InputException;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * Files that belong together: all of a folder that end alike. What stands in front of the ending is a file's stem, the same for a picture and its
 * labels.
 *
 * @param folder   relative, may hold {@link Tree#SPLIT}
 * @param depth    1 for the files of the folder itself, 2 for those of its subfolders too; a stem is then {@code frankfurt/frankfurt_000000_000294}
 * @param suffixes endings, the first that fits is taken
 */
record FileSet(String folder, int depth, List<String> suffixes) {

    static FileSet in(String folder, String... suffixes) {
        return new FileSet(folder, 1, Arrays.asList(suffixes));
    }

    static FileSet below(String folder, String suffix) {
        return new FileSet(folder, 2, List.of(suffix));
    }

    Path folder(Tree tree) {
        return tree.at(folder);
    }

    /** The file of a stem; one that does not exist if none does. */
    Path file(Tree tree, String stem) {
        Path inside = folder(tree);
        return suffixes.stream().map(suffix -> inside.resolve(stem + suffix)).filter(Files::isRegularFile).findFirst()
            .orElseGet(() -> inside.resolve(stem + suffixes.getFirst()));
    }

    /** All stems, in their order, and their files. */
    SortedMap<String, Path> files(Tree tree) {
        Path inside = folder(tree);
        SortedMap<String, Path> files = new TreeMap<>();
        for (String suffix : suffixes) {
            try (Stream<Path> all = Files.walk(inside, depth)) {
                all.map(file -> inside.relativize(file).toString().replace('\\', '/')).filter(name -> name.endsWith(suffix))
                    .forEach(name -> files.putIfAbsent(name.substring(0, name.length() - suffix.length()), inside.resolve(name)));
            } catch (IOException e) {
                throw new InputException(inside + ": cannot be listed: " + e.getMessage(), e);
            }
        }
        return files;
    }

    /** {@code JPEGImages/*.jpg}, for messages. */
    String pattern() {
        return folder + (depth == 2 ? "/*/*" : "/*") + suffixes.getFirst();
    }
}
