package dev.freecp.weights;

import dev.freecp.error.InputException;
import dev.freecp.tensor.DType;
import dev.freecp.tensor.Shape;
import dev.freecp.tensor.Tensor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

class SafeTensorsWriterTest {

    @TempDir
    Path folder;

    /** The header is what safetensors 0.8 for Python wrote for these tensors. */
    @Test
    void writesTheReferenceLibrarysBytes() throws IOException {
        Map<String, Tensor> tensors = new LinkedHashMap<>();
        tensors.put("é\n", bytes(DType.BOOL, 1));
        tensors.put("z", Tensor.of("z", Shape.SCALAR, 1.5f));
        tensors.put("a", Tensor.of("a", Shape.unnamed(2, 1), 2, 3));
        tensors.put("h", bytes(DType.F16, 1));
        tensors.put("i", bytes(DType.I64, 1));
        SafeTensorsWriter.write(target(), tensors, Map.of("format", "pt"));
        String header = "{\"__metadata__\":{\"format\":\"pt\"},\"i\":{\"dtype\":\"I64\",\"shape\":[1],\"data_offsets\":[0,8]},"
            + "\"a\":{\"dtype\":\"F32\",\"shape\":[2,1],\"data_offsets\":[8,16]},\"z\":{\"dtype\":\"F32\",\"shape\":[],\"data_offsets\":[16,20]},"
            + "\"h\":{\"dtype\":\"F16\",\"shape\":[1],\"data_offsets\":[20,22]},\"é\\n\":{\"dtype\":\"BOOL\",\"shape\":[1],\"data_offsets\":[22,23]}}";
        byte[] file = Files.readAllBytes(target());
        int length = file[0] & 0xff | (file[1] & 0xff) << 8;
        assertEquals(0, length % 8);
        String written = new String(file, 8, length, StandardCharsets.UTF_8);
        assertEquals(header, written.stripTrailing());
        assertTrue(written.length() - header.length() < 8);
        assertEquals(8 + length + 23, file.length);
    }

    @Test
    void everyTypeComesBackBitForBit() {
        Map<String, Tensor> tensors = new LinkedHashMap<>();
        for (DType type : DType.values()) tensors.put("t" + type, bytes(type, 3, 0, 5));
        for (DType type : DType.values()) tensors.put("u" + type, bytes(type, 7, 3));
        assertComesBack(tensors);
    }

    @Test
    void piecesLargerThanTheBufferComeBack() {
        assertComesBack(Map.of("a", bytes(DType.U8, 3, 1 << 20), "b", bytes(DType.U8, 1), "c", bytes(DType.F16, (1 << 20) + 1)));
    }

    @Test
    void rowsThatLieApartAreWrittenDense() {
        Tensor apart = Tensor.allocate(Arena.ofAuto(), "x", Shape.unnamed(3, 2), DType.F32, 5);
        apart.setFloats(new float[] {1, 2, 3, 4, 5, 6});
        SafeTensorsWriter.write(target(), Map.of("x", apart), Map.of());
        try (SafeTensors file = SafeTensors.open(target())) {
            assertArrayEquals(new float[] {1, 2, 3, 4, 5, 6}, file.tensor("x").toFloats());
        }
    }

    @Test
    void streamedTensorsAreMadeOneByOneAndForgotten() throws IOException {
        Tensor a = Tensor.of("a", Shape.unnamed(2), 1, 2), b = Tensor.of("b", Shape.unnamed(1), 3);
        List<Arena> arenas = new ArrayList<>();
        SafeTensorsWriter.stream(target(), Map.of("b", lazy(b, arenas), "a", lazy(a, arenas)), Map.of());
        byte[] streamed = Files.readAllBytes(target());
        assertEquals(2, arenas.size());
        assertFalse(arenas.getLast().scope().isAlive());
        SafeTensorsWriter.write(target(), Map.of("a", a, "b", b), Map.of());
        assertArrayEquals(Files.readAllBytes(target()), streamed);
    }

    private static LazyTensor lazy(Tensor tensor, List<Arena> arenas) {
        return new LazyTensor(tensor.type(), tensor.shape(), arena -> {
            assertTrue(arenas.stream().noneMatch(earlier -> earlier.scope().isAlive()));
            arenas.add(arena);
            return tensor;
        });
    }

    @Test
    void aTensorThatIsNotWhatItWasPromisedToBeLeavesNothingBehind() throws IOException {
        Tensor a = Tensor.of("a", Shape.unnamed(2), 1, 2);
        assertThrows(IllegalStateException.class,
            () -> SafeTensorsWriter.stream(target(), Map.of("a", new LazyTensor(DType.F32, Shape.unnamed(3), _ -> a)), Map.of()));
        try (Stream<Path> files = Files.list(folder)) {
            assertEquals(0, files.count());
        }
    }

    @Test
    void takesThePlaceOfAnOlderFileThatIsStillOpen() {
        Path target = target();
        SafeTensorsWriter.write(target, Map.of("x", Tensor.of("x", Shape.unnamed(1), 1)), Map.of());
        try (SafeTensors old = SafeTensors.open(target)) {
            SafeTensorsWriter.write(target, Map.of("y", old.tensor("x")), Map.of());
            assertEquals(1, old.tensor("x").get(0, 0));
        }
        try (SafeTensors file = SafeTensors.open(target)) {
            assertEquals(List.of("y"), file.names());
        }
        assertFolderHoldsOnly("out.safetensors");
    }

    @Test
    void aFailureLeavesNothingBehind() throws IOException {
        Map<String, Tensor> tensors = Map.of("x", Tensor.of("x", Shape.unnamed(1), 1));
        Files.createDirectories(target().resolve("occupied"));
        assertTrue(assertThrows(InputException.class, () -> SafeTensorsWriter.write(target(), tensors, Map.of())).getMessage().startsWith(target().toString()));
        assertFolderHoldsOnly("out.safetensors");
        Path nowhere = folder.resolve("none").resolve("x.safetensors");
        assertThrows(InputException.class, () -> SafeTensorsWriter.write(nowhere, tensors, Map.of()));
    }

    @Test
    void aTensorThatCannotBeReadLeavesNothingBehind() {
        Arena arena = Arena.ofShared();
        Tensor dead = Tensor.allocate(arena, "x", Shape.unnamed(4), DType.F32, 4);
        arena.close();
        assertThrows(IllegalStateException.class, () -> SafeTensorsWriter.write(target(), Map.of("x", dead), Map.of()));
        assertFolderHoldsOnly();
    }

    @Test
    void refusesNamesThatCannotStandInAHeader() {
        Tensor tensor = Tensor.of("x", Shape.unnamed(1), 1);
        for (String name : List.of("__metadata__", "half a pair \ud800")) {
            assertThrows(InputException.class, () -> SafeTensorsWriter.write(target(), Map.of(name, tensor), Map.of()), name);
        }
        assertFolderHoldsOnly();
    }

    private Path target() {
        return folder.resolve("out.safetensors");
    }

    private static Tensor bytes(DType type, int... sizes) {
        Shape shape = Shape.unnamed(sizes);
        Tensor tensor = Tensor.allocate(Arena.ofAuto(), "x", shape, type, shape.cols());
        Random random = new Random(type.ordinal());
        for (long i = 0; i < shape.count() * type.bytes(); i++) tensor.segment().set(ValueLayout.JAVA_BYTE, i, (byte) random.nextInt());
        return tensor;
    }

    private void assertComesBack(Map<String, Tensor> tensors) {
        SafeTensorsWriter.write(target(), tensors, Map.of());
        try (SafeTensors file = SafeTensors.open(target())) {
            assertEquals(tensors.keySet(), Set.copyOf(file.names()));
            tensors.forEach((name, tensor) -> {
                Tensor read = file.tensor(name);
                long bytes = tensor.shape().count() * tensor.type().bytes();
                assertEquals(tensor.type(), read.type());
                assertEquals(tensor.shape(), read.shape());
                assertEquals(bytes, read.segment().byteSize());
                assertEquals(-1, read.segment().mismatch(tensor.segment().asSlice(0, bytes)), name);
            });
        }
    }

    private void assertFolderHoldsOnly(String... names) {
        try (Stream<Path> files = Files.list(folder)) {
            assertEquals(List.of(names), files.map(file -> file.getFileName().toString()).sorted().toList());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
