package dev.freecp.convert.source;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.freecp.error.InputException;
import dev.freecp.weights.JsonFile;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/**
 * Whatever bytes a parser is given, it answers with a value or a refusal. An ordinary build runs the seeds and the findings of old, which lie beside
 * the tests' resources; with {@code JAZZER_FUZZ=1} in the environment and one method chosen ({@code -Dtest=ParsersFuzzTest#pickle}), new bytes are
 * tried for a minute.
 */
class ParsersFuzzTest {

    private static final String MINUTE = "60s";

    private Path file;

    @BeforeEach
    void createFile() throws IOException {
        file = Files.createTempFile("fuzz", ".weights");
    }

    @AfterEach
    void deleteFile() throws IOException {
        Files.deleteIfExists(file);
    }

    @FuzzTest(maxDuration = MINUTE)
    void safetensors(byte[] bytes) throws IOException {
        Files.write(file, bytes);
        readAll(() -> SafeTensorsSource.open(file));
    }

    @FuzzTest(maxDuration = MINUTE)
    void torch(byte[] bytes) throws IOException {
        Files.write(file, bytes);
        readAll(() -> Sources.open(file));
    }

    @FuzzTest(maxDuration = MINUTE)
    void zip(byte[] bytes) {
        try {
            ZipArchive archive = ZipArchive.open(new Place(file), MemorySegment.ofArray(bytes));
            archive.entries().forEach(archive::contents);
        } catch (Refusal expected) {
            // The answer that most bytes deserve.
        }
    }

    @FuzzTest(maxDuration = MINUTE)
    void pickle(byte[] bytes) {
        Place place = new Place(file);
        Budget budget = new Budget(place);
        TorchGlobals host = new TorchGlobals(budget, new TorchTensors(place, budget, storage -> storage.attach(() -> MemorySegment.ofArray(new byte[0]))));
        try {
            Object root = new PickleMachine(place, new PickleInput(place, MemorySegment.ofArray(bytes), 0, budget), budget, host, new TreeSet<>()).run();
            StateTree.of(place, budget, root);
        } catch (Refusal expected) {
            // The answer that most bytes deserve.
        }
    }

    @FuzzTest(maxDuration = MINUTE)
    void json(byte[] bytes) throws IOException {
        Files.write(file, bytes);
        try {
            JsonFile.object(file);
        } catch (InputException expected) {
            // The answer that most bytes deserve.
        }
    }

    private interface Opener {
        TensorSource open();
    }

    private static void readAll(Opener opener) {
        try (TensorSource source = opener.open()) {
            for (String name : source.names()) source.tensor(name);
        } catch (Refusal expected) {
            // The answer that most bytes deserve.
        }
    }
}
