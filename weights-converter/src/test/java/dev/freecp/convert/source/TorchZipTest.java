package dev.freecp.convert.source;

import static dev.freecp.convert.source.Refusals.assertRefused;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.freecp.tensor.DType;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tensors over a storage of the eight numbers 0 to 7. */
class TorchZipTest {

    @TempDir
    private Path folder;

    private final PickleBytes pickle = new PickleBytes().op('}', '(');

    private TensorSource open() throws IOException {
        return open("archive/byteorder", "little");
    }

    private TensorSource open(String extra, String text) throws IOException {
        ByteBuffer numbers = ByteBuffer.allocate(32).order(ByteOrder.LITTLE_ENDIAN);
        for (int i = 0; i < 8; i++) numbers.putFloat(i);
        ZipBytes zip = new ZipBytes();
        zip.stored("archive/data.pkl", pickle.op('u').stop());
        zip.stored("archive/data/0", numbers.array());
        zip.stored(extra, text.getBytes());
        return Sources.open(Files.write(folder.resolve("some.pt"), zip.bytes()));
    }

    private PickleBytes view(long offset, long[] sizes, long... strides) {
        return pickle.text("x").tensor("FloatStorage", "0", 8, offset, sizes, strides);
    }

    private float[] read() throws IOException {
        try (TensorSource source = open()) {
            return source.tensor("x").toFloats();
        }
    }

    private void assertTensorRefused(Refusal.Kind kind, String reason) {
        assertRefused(kind, reason, () -> {
            try (TensorSource source = open()) {
                source.tensor("x");
            }
        });
    }

    private static long[] sizes(long... sizes) {
        return sizes;
    }

    @Test
    void readsADenseView() throws IOException {
        view(2, sizes(2, 3), 3, 1);
        assertArrayEquals(new float[] {2, 3, 4, 5, 6, 7}, read());
    }

    @Test
    void gathersATransposedView() throws IOException {
        view(0, sizes(2, 4), 1, 2);
        assertArrayEquals(new float[] {0, 2, 4, 6, 1, 3, 5, 7}, read());
    }

    @Test
    void gathersRunsOfAStridedView() throws IOException {
        view(1, sizes(2, 1, 2), 4, 99, 1);
        assertArrayEquals(new float[] {1, 2, 5, 6}, read());
    }

    @Test
    void repeatsAnExpandedView() throws IOException {
        view(3, sizes(2, 3), 1, 0);
        assertArrayEquals(new float[] {3, 3, 3, 4, 4, 4}, read());
    }

    @Test
    void readsScalarsAndEmptyTensors() throws IOException {
        view(7, sizes()).text("none").tensor("FloatStorage", "0", 8, 0, sizes(0, 5), new long[] {5, 1});
        try (TensorSource source = open()) {
            assertArrayEquals(new float[] {7}, source.tensor("x").toFloats());
            assertEquals(0, source.tensor("none").shape().count());
            assertEquals(DType.F32, source.type("none"));
        }
    }

    @Test
    void refusesViewsThatLeaveTheirStorage() {
        view(6, sizes(3), 1);
        assertTensorRefused(Refusal.Kind.MALFORMED, "reads element 8 of storage '0', which has 8");
    }

    @Test
    void refusesStridesWhoseSumWraps() {
        view(0, sizes(3, 3), 1L << 62, 1L << 62);
        assertTensorRefused(Refusal.Kind.MALFORMED, "beyond any storage");
    }

    @Test
    void refusesSizesWhoseProductWraps() {
        view(0, sizes(1L << 32, 1L << 32), 0, 0);
        assertTensorRefused(Refusal.Kind.TOO_LARGE, "of the sizes");
    }

    @Test
    void refusesExpansionBeyondAnyModel() {
        view(0, sizes(1 << 20, 1 << 20), 0, 0);
        assertTensorRefused(Refusal.Kind.TOO_LARGE, "over a storage of 8");
    }

    @Test
    void refusesAStorageOfAnotherSizeThanDeclared() {
        pickle.text("x").tensor("FloatStorage", "0", 9, 0, sizes(1), new long[] {1});
        assertTensorRefused(Refusal.Kind.MALFORMED, "should hold 9 elements");
    }

    @Test
    void refusesTypesOnlyWhenTheyAreAskedFor() throws IOException {
        view(0, sizes(8), 1).text("complex").tensor("ComplexFloatStorage", "c", 1, 0, sizes(1), new long[] {1});
        ZipBytes zip = new ZipBytes();
        zip.stored("any name/data.pkl", pickle.op('u').stop());
        zip.stored("any name/data/0", new byte[32]);
        zip.stored("any name/data/c", new byte[8]);
        try (TensorSource source = Sources.open(Files.write(folder.resolve("some.pt"), zip.bytes()))) {
            assertEquals(List.of("x", "complex"), List.copyOf(source.names()));
            assertEquals(8, source.tensor("x").shape().count());
            assertRefused(Refusal.Kind.UNSUPPORTED, "'complex' is of the type ComplexFloatStorage", () -> source.type("complex"));
        }
    }

    @Test
    void namesStrangersAmongTensorsAndRefusesThem() throws IOException {
        view(0, sizes(8), 1).text("y").global("evil", "Tensor").op(')', 0x81);
        try (TensorSource source = open()) {
            assertEquals(List.of("x", "y"), List.copyOf(source.names()));
            assertRefused(Refusal.Kind.UNSAFE, "evil.Tensor", () -> source.shape("y"));
        }
    }

    @Test
    void flattensDictionariesAndKeepsTheRestAside() throws IOException {
        pickle.text("epoch").op('K', 3).text("model").op('}', '(');
        view(0, sizes(8), 1).op('u').text("args").global("argparse", "Namespace").op(')', 0x81, '}').text("lr").op('G', 0x3f, 0xe0, 0, 0, 0, 0, 0, 0, 's', 'b');
        try (TensorSource source = open()) {
            assertEquals(List.of("model.x"), List.copyOf(source.names()));
            assertEquals(Map.of("epoch", 3L, "args.lr", 0.5), source.extras());
            assertEquals(List.of("argparse.Namespace", "collections.OrderedDict", "torch.FloatStorage", "torch._utils._rebuild_tensor_v2"), source.globals());
        }
    }

    @Test
    void refusesADictionaryThatHoldsItself() {
        pickle.text("self").op('}', 'q', 0).text("again").op('h', 0, 's');
        assertTensorRefused(Refusal.Kind.MALFORMED, "'self.again' holds itself");
    }

    @Test
    void refusesTwoTensorsOfOneFlatName() {
        pickle.text("a").op('}').text("b").tensor("FloatStorage", "0", 8, 0, sizes(8), new long[] {1}).op('s');
        pickle.text("a.b").tensor("FloatStorage", "0", 8, 0, sizes(8), new long[] {1});
        assertTensorRefused(Refusal.Kind.MALFORMED, "two tensors are called 'a.b'");
    }

    @Test
    void tellsTorchScriptByItsCode() throws IOException {
        view(0, sizes(8), 1);
        try (TensorSource source = open("archive/code/__torch__.py", "")) {
            assertEquals("TorchScript archive", source.container());
        }
    }

    @Test
    void refusesOtherByteOrders() {
        assertRefused(Refusal.Kind.UNSUPPORTED, "big-endian", () -> open("archive/byteorder", "big"));
    }

    @Test
    void refusesTwoObjectsInOneArchive() {
        assertRefused(Refusal.Kind.MALFORMED, "two objects", () -> open("other/data.pkl", "N."));
    }
}
