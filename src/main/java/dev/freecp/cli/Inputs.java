package dev.freecp.cli;

import dev.freecp.error.InputException;
import dev.freecp.error.UsageException;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * The pictures that arguments stand for: a file is itself, a folder the pictures in it (by their endings, sorted, without folders inside), and what
 * has {@code *}, {@code ?}, <code>{</code> or {@code [} and is no file is a pattern. A picture that comes twice is taken once.
 */
final class Inputs {

    private static final Set<String> PICTURE_ENDINGS = Set.of("jpg", "jpeg", "jpe", "png", "gif", "bmp", "webp");

    private final Map<Path, Path> pictures = new LinkedHashMap<>();

    private Inputs() {
    }

    /**
     * Pictures in the order of the arguments. Files that do not exist are among them; the run reports each and goes on.
     *
     * @throws InputException if a folder has no pictures or cannot be listed, or a pattern matches none
     */
    static List<Path> expand(List<String> arguments) {
        Inputs inputs = new Inputs();
        for (String argument : arguments) {
            if (isPattern(argument) && !Files.exists(Path.of(argument))) inputs.addMatches(argument);
            else if (Files.isDirectory(Path.of(argument))) inputs.addAll(pictures(Path.of(argument), "*"), argument + ": there are no pictures in this folder");
            else inputs.add(Path.of(argument));
        }
        return List.copyOf(inputs.pictures.values());
    }

    /**
     * The name of each picture's results: its file's name without the ending.
     *
     * @throws UsageException if two pictures would have the same
     */
    static Map<Path, String> names(List<Path> pictures) {
        Map<Path, String> names = new LinkedHashMap<>();
        Map<String, Path> owners = new HashMap<>();
        for (Path picture : pictures) {
            String file = picture.getFileName().toString();
            int dot = file.lastIndexOf('.');
            String name = dot > 0 ? file.substring(0, dot) : file;
            Path other = owners.put(name, picture);
            if (other != null) throw new UsageException(other + " and " + picture + " would both write " + name + ".json; segment them in two runs, each with its own --out");
            names.put(picture, name);
        }
        return names;
    }

    private static boolean isPattern(String argument) {
        return argument.chars().anyMatch(c -> "*?[{".indexOf(c) >= 0);
    }

    private void addMatches(String pattern) {
        int slash = pattern.lastIndexOf('/');
        String folder = pattern.substring(0, slash + 1);
        if (isPattern(folder)) throw new InputException(pattern + ": patterns may stand in the last part only; name the folder, or let the shell expand the pattern");
        if (!Files.isDirectory(Path.of(folder))) throw new InputException(pattern + ": there is no folder " + folder);
        addAll(pictures(Path.of(folder), pattern.substring(slash + 1)), pattern + ": no picture matches");
    }

    private void addAll(List<Path> found, String orElse) {
        if (found.isEmpty()) throw new InputException(orElse);
        found.forEach(this::add);
    }

    private void add(Path picture) {
        pictures.putIfAbsent(picture.toAbsolutePath().normalize(), picture);
    }

    private static List<Path> pictures(Path folder, String pattern) {
        List<Path> found = new ArrayList<>();
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder, pattern)) {
            for (Path entry : entries) if (Files.isRegularFile(entry) && hasPictureEnding(entry)) found.add(entry);
        } catch (IOException e) {
            throw new InputException(folder + ": cannot be listed (" + e.getMessage() + ")", e);
        }
        found.sort(null);
        return found;
    }

    private static boolean hasPictureEnding(Path file) {
        String name = file.getFileName().toString().toLowerCase(Locale.ROOT);
        return PICTURE_ENDINGS.contains(name.substring(name.lastIndexOf('.') + 1));
    }
}
