package dev.freecp.parity;

import dev.freecp.error.InputException;
import dev.freecp.ops.Ops;
import dev.freecp.segment.Segmenter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;
import java.util.stream.Stream;

/** A folder of goldens, and its models, each opened when it is first asked for. */
final class GoldenFolder implements AutoCloseable {

    private static final List<String> PARTS = List.of("units", "vocab", "purify", "seg");

    private final Path folder;
    private final Supplier<Ops> backend;
    private final Map<String, Model> models = new TreeMap<>();

    private GoldenFolder(Path folder, Supplier<Ops> backend) {
        this.folder = folder;
        this.backend = backend;
    }

    /** @throws InputException if {@code folder} is none or has none of the parts */
    static GoldenFolder open(Path folder, Supplier<Ops> backend) {
        if (PARTS.stream().noneMatch(part -> Files.isDirectory(folder.resolve(part)))) {
            throw new InputException(folder + ": is no folder of goldens: wanted one that holds models, and units, vocab, purify or seg");
        }
        return new GoldenFolder(folder, backend);
    }

    Path file(String part, String name) {
        return folder.resolve(part).resolve(name);
    }

    /** The README beside the parts, which says what no file does. */
    Path readme() {
        return folder.resolve("README.md");
    }

    /** Names, without their ending, of the files of a part that end in one of {@code endings}, sorted; none if the part is missing. */
    List<String> names(String part, String... endings) {
        return entries(part).stream().flatMap(name -> Stream.of(endings).filter(name::endsWith).map(end -> name.substring(0, name.length() - end.length())))
            .distinct().toList();
    }

    /** Names of the folders under {@code models}, sorted. */
    List<String> modelNames() {
        return entries("models");
    }

    /** @throws InputException if the model is missing or broken */
    Model model(String name) {
        return models.computeIfAbsent(name, wanted -> {
            Ops ops = backend.get();
            return new Model(wanted, Segmenter.open(folder.resolve("models").resolve(wanted), ops), ops);
        });
    }

    private List<String> entries(String part) {
        Path sub = folder.resolve(part);
        if (!Files.isDirectory(sub)) return List.of();
        try (Stream<Path> files = Files.list(sub)) {
            return files.map(file -> file.getFileName().toString()).filter(name -> !name.startsWith(".")).sorted(Comparator.naturalOrder()).toList();
        } catch (IOException e) {
            throw new InputException(sub + ": cannot be listed: " + e.getMessage(), e);
        }
    }

    @Override
    public void close() {
        models.values().forEach(model -> model.segmenter().close());
    }
}
