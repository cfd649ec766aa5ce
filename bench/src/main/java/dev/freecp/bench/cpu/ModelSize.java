package dev.freecp.bench.cpu;

import dev.freecp.convert.RandomClip;
import dev.freecp.error.UsageException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.stream.Stream;

/** Where the weights come from. */
final class ModelSize {

    /** The trained model of the repository. */
    private static final Path SHAPES = Path.of("test-data", "shapes", "model");

    private ModelSize() {
    }

    /**
     * A checkpoint.
     *
     * @param name    for the results
     * @param path    the checkpoint
     * @param scratch where more may be written; removed with everything in it
     */
    record Folder(String name, Path path, Path scratch) implements AutoCloseable {

        @Override
        public void close() throws IOException {
            try (Stream<Path> all = Files.walk(scratch)) {
                for (Path file : all.sorted(Comparator.reverseOrder()).toList()) Files.delete(file);
            }
        }
    }

    /** @param given a checkpoint that is taken as it is, or null */
    static Folder of(String size, Path given) throws IOException {
        String published = switch (size) {
            case "b16" -> "ViT-B-16";
            case "l14" -> "ViT-L-14";
            case "shapes" -> null;
            default -> throw new UsageException("--model-size " + size + ": choose of b16, l14, shapes");
        };
        if (given == null && published == null && !Files.isDirectory(SHAPES))
            throw new UsageException("--model-size shapes: there is no " + SHAPES + " here; start in the source tree, or name a folder with --model");
        Path scratch = Files.createTempDirectory("freecp-bench");
        if (given != null) return new Folder(given.toAbsolutePath().getFileName().toString(), given, scratch);
        if (published == null) return new Folder("shapes", SHAPES, scratch);
        Path folder = scratch.resolve(published);
        RandomClip.named(published).orElseThrow(() -> new IllegalStateException("no sizes of " + published)).write(folder, 1);
        return new Folder(published, folder, scratch);
    }
}
