package dev.freecp.cli;

import dev.freecp.error.UsageException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/** The names of all files that a run may write, looked at before it does. */
final class ResultNames {

    private final Map<Path, String> pictures;
    private final Map<String, Path> byName = new HashMap<>();
    private final Set<String> endings;
    private final Set<String> shared;

    /**
     * @param pictures each with the name of its results
     * @param endings  that may follow a name, beginning with a dot
     * @param shared   files of the whole run
     */
    ResultNames(Map<Path, String> pictures, Set<String> endings, Set<String> shared) {
        this.pictures = pictures;
        this.endings = endings;
        this.shared = shared;
        pictures.forEach((picture, name) -> byName.put(name, picture));
    }

    /**
     * Results may lie beside pictures, but never take their place, nor that of other results.
     *
     * @throws UsageException if some would
     */
    void check(Path folder) {
        for (Path picture : pictures.keySet()) {
            Path file = picture.toAbsolutePath().normalize();
            if (!folder.toAbsolutePath().normalize().equals(file.getParent())) continue;
            String name = file.getFileName().toString();
            if (shared.contains(name) || owner(name) != null) throw new UsageException(folder.resolve(name) + ": is an input, and the results of "
                + (shared.contains(name) ? "the run" : owner(name)) + " would overwrite it; choose another folder with --out");
        }
        for (String file : shared) if (owner(file) != null) throw twice(owner(file) + " and the run as a whole", file);
        pictures.forEach((picture, name) -> {
            if (name.indexOf('.') < 0) return;                       // only a name with a dot can look like another name with an ending
            for (String ending : endings) {
                Path other = owner(name + ending);
                if (!other.equals(picture)) throw twice(other + " and " + picture, name + ending);
            }
        });
    }

    private static UsageException twice(String both, String file) {
        return new UsageException(both + " would both write " + file + "; segment them in two runs, each with its own --out");
    }

    /** The picture whose results may have a file of this name; null if none. */
    private Path owner(String file) {
        for (int dot = file.indexOf('.'); dot >= 0; dot = file.indexOf('.', dot + 1)) {
            Path picture = byName.get(file.substring(0, dot));
            if (picture != null && endings.contains(file.substring(dot))) return picture;
        }
        return null;
    }
}
