package dev.freecp.convert;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.jr.ob.JSON;
import dev.freecp.cli.CommandProvider;
import dev.freecp.tensor.Shape;
import dev.freecp.tensor.Tensor;
import dev.freecp.weights.SafeTensorsWriter;
import java.io.IOException;
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

    @BeforeEach
    void writeFile() throws IOException {
        file = folder.resolve("small.safetensors");
        byte[] header = HEADER.getBytes(StandardCharsets.UTF_8);
        Files.write(file, ByteBuffer.allocate(8 + header.length + 28).order(ByteOrder.LITTLE_ENDIAN).putLong(header.length).put(header).array());
    }

    @Test
    void isFoundByTheCommandLine() {
        List<CommandProvider> providers = ServiceLoader.load(CommandProvider.class).stream().map(ServiceLoader.Provider::get).toList();
        assertEquals(List.of("weights"), providers.stream().map(CommandProvider::name).toList());
        assertInstanceOf(WeightsCommand.class, providers.getFirst().command());
    }

    @Test
    void listsTensorsInTheOrderOfTheFile() {
        Run run = Run.of("inspect", file.toString());
        assertEquals(0, run.code());
        assertEquals(List.of(
            "# container: safetensors",
            "# sha256: 1f4a69eb1833748b6409efe2028c4132200525ee56eb61e18dc82a864783e11d",
            "# family: none: holds no model of a known family (found ln.bias, conv.weight, scale)",
            "# format = pt",
            "ln.bias      F32   [3]                            12",
            "conv.weight  F16   [2 x 1 x 2]                     8",
            "scale        F64   []                              8",
            "3 tensors, 28 bytes"), run.out().lines().toList());
    }

    @Test
    void printsTheSameAsJson() throws IOException {
        Map<String, Object> json = JSON.std.mapFrom(Run.of("inspect", "--json", file.toString()).out());
        assertEquals("safetensors", json.get("container"));
        assertEquals(Map.of("format", "pt"), json.get("extras"));
        assertEquals(28, json.get("bytes"));
        assertEquals(List.of(
            Map.of("name", "ln.bias", "type", "F32", "shape", List.of(3), "bytes", 12),
            Map.of("name", "conv.weight", "type", "F16", "shape", List.of(2, 1, 2), "bytes", 8),
            Map.of("name", "scale", "type", "F64", "shape", List.of(), "bytes", 8)), json.get("tensors"));
    }

    @Test
    void listsAFileWithoutTensors() throws IOException {
        Files.write(file, new byte[] {2, 0, 0, 0, 0, 0, 0, 0, '{', '}'});
        Run run = Run.of("inspect", file.toString());
        assertEquals(0, run.code());
        assertEquals("0 tensors, 0 bytes", run.out().lines().toList().getLast());
    }

    @Test
    void namesFamilyAndGlobalsOfAnArchive() {
        String out = Run.of("inspect", Samples.file("training/epoch_latest.pt").toString()).out();
        assertTrue(out.contains("# family: OpenAI's names under state_dict.module.; vision: 2 layers, 20 wide, patches of 6, grid 4 x 4; text: 2 layers, 12 wide, 64 tokens, context 77"), out);
        assertTrue(out.contains("# globals: argparse.Namespace"), out);
    }

    @Test
    void namesTheFileThatCannotBeRead() {
        Path missing = folder.resolve("missing.safetensors");
        Run run = Run.of("inspect", missing.toString());
        assertEquals(3, run.code());
        assertEquals("freecp weights: missing: " + missing + ": no such file", run.err().strip());
    }

    /** A name with an escape sequence must not reach the terminal as one. */
    @Test
    void showsNamesWithoutControlCharacters() {
        SafeTensorsWriter.write(file, Map.of("a\u001b[2J\nb", Tensor.of("a", Shape.SCALAR, 1)), Map.of());
        assertTrue(Run.of("inspect", file.toString()).out().contains("a?[2J?b  F32"));
    }
}
