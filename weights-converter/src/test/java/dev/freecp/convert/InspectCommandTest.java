package dev.freecp.convert;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import com.fasterxml.jackson.jr.ob.JSON;
import dev.freecp.cli.CommandProvider;
import dev.freecp.error.InputException;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class InspectCommandTest {

    /** Written by hand, so that the listing is checked against the format and not against our writer. */
    private static final String HEADER = """
        {"__metadata__":{"format":"pt"},\
        "ln.bias":{"dtype":"F32","shape":[3],"data_offsets":[0,12]},\
        "conv.weight":{"dtype":"F16","shape":[2,1,2],"data_offsets":[12,20]},\
        "scale":{"dtype":"F64","shape":[],"data_offsets":[20,28]}}""";

    @TempDir
    private Path folder;

    private Path file;
    private final StringWriter out = new StringWriter();
    private final CommandLine weights = new CommandLine(new WeightsProvider().command()).setOut(new PrintWriter(out));

    @BeforeEach
    void writeFile() throws IOException {
        file = folder.resolve("small.safetensors");
        byte[] header = HEADER.getBytes(StandardCharsets.UTF_8);
        Files.write(file, ByteBuffer.allocate(8 + header.length + 28).order(ByteOrder.LITTLE_ENDIAN).putLong(header.length).put(header).array());
    }

    @Test
    void isFoundByTheCommandLine() {
        List<Object> commands = ServiceLoader.load(CommandProvider.class).stream().map(provider -> provider.get().command()).toList();
        assertEquals(1, commands.size());
        assertInstanceOf(WeightsCommand.class, commands.getFirst());
    }

    @Test
    void listsTensorsInTheOrderOfTheFile() {
        assertEquals(0, weights.execute("inspect", file.toString()));
        assertEquals(List.of(
            "# format = pt",
            "ln.bias      F32   [3]                            12",
            "conv.weight  F16   [2 x 1 x 2]                     8",
            "scale        F64   []                              8",
            "3 tensors, 28 bytes"), out.toString().lines().toList());
    }

    @Test
    void printsTheSameAsJson() throws IOException {
        assertEquals(0, weights.execute("inspect", "--json", file.toString()));
        assertEquals(Map.of("metadata", Map.of("format", "pt"), "bytes", 28, "tensors", List.of(
            Map.of("name", "ln.bias", "type", "F32", "shape", List.of(3), "bytes", 12),
            Map.of("name", "conv.weight", "type", "F16", "shape", List.of(2, 1, 2), "bytes", 8),
            Map.of("name", "scale", "type", "F64", "shape", List.of(), "bytes", 8))), JSON.std.mapFrom(out.toString()));
    }

    @Test
    void listsAFileWithoutTensors() throws IOException {
        Files.write(file, new byte[] {2, 0, 0, 0, 0, 0, 0, 0, '{', '}'});
        assertEquals(0, weights.execute("inspect", file.toString()));
        assertEquals("0 tensors, 0 bytes", out.toString().strip());
    }

    @Test
    void namesTheFileThatCannotBeRead() {
        Path missing = folder.resolve("missing.safetensors");
        weights.setExecutionExceptionHandler((exception, command, parsed) -> {
            assertInstanceOf(InputException.class, exception);
            out.write(exception.getMessage());
            return 3;
        });
        assertEquals(3, weights.execute("inspect", missing.toString()));
        assertEquals(missing + ": no such file", out.toString());
    }
}
