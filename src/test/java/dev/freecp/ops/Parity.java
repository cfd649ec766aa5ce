package dev.freecp.ops;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.fail;

import dev.freecp.ops.Backends.Backend;
import dev.freecp.tensor.Shape;
import dev.freecp.tensor.Storage;
import dev.freecp.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.DoubleUnaryOperator;

/**
 * One call of an operation, made on the reference and on a backend with three schedules (one, two and three threads; or orders of a GPU's threads). Checks that
 * <ul>
 * <li>results are close to the reference's,
 * <li>the schedule does not show in the bits,
 * <li>nor does the batch: every part of a batched call equals the call on that part alone,
 * <li>every output element is written (outputs begin as NaN) and nothing else is (guard bands before, after and between rows).
 * </ul>
 */
final class Parity {

    private static final float GUARD = 12345.678f;

    /** The operation; {@code t} holds the tensors by name, {@code parts} the parts of the batch that they cover. */
    interface Call {
        void run(Ops ops, Map<String, Tensor> t, Parts parts);
    }

    /** Parts first .. first + count - 1 of the batch. */
    record Parts(int first, int count) {
    }

    private record Item(String name, Shape shape, float[] values, boolean batched, boolean output) {
    }

    private final Backend backend;
    private final Random random;
    private final List<Item> items = new ArrayList<>();
    private int batch = 1;

    Parity(Backend backend, long seed) {
        this.backend = backend;
        this.random = new Random(seed);
    }

    /** The first dimension of batched tensors divides into {@code parts} parts that do not know of each other. */
    Parity batch(int parts) {
        batch = parts;
        return this;
    }

    /** An input, normally distributed, and cut up with the batch. */
    Parity in(String name, Shape shape) {
        return in(name, shape, x -> x);
    }

    /** An input of f(x), x normally distributed. */
    Parity in(String name, Shape shape, DoubleUnaryOperator f) {
        return item(name, shape, f, true, false);
    }

    /** An input that all parts of the batch share. */
    Parity shared(String name, Shape shape) {
        return item(name, shape, x -> x, false, false);
    }

    /** An output; NaN before the call. */
    Parity out(String name, Shape shape) {
        return item(name, shape, x -> Double.NaN, true, true);
    }

    /** Read and written. */
    Parity inOut(String name, Shape shape, DoubleUnaryOperator f) {
        return item(name, shape, f, true, true);
    }

    private Parity item(String name, Shape shape, DoubleUnaryOperator f, boolean batched, boolean output) {
        float[] values = new float[Math.toIntExact(shape.count())];
        for (int i = 0; i < values.length; i++) values[i] = (float) f.applyAsDouble(random.nextGaussian());
        items.add(new Item(name, shape, values, batched, output));
        return this;
    }

    /** Runs everything; throws on the first thing that is wrong. */
    void check(float atol, float rtol, Call call) {
        Map<String, float[]> expected;
        try (Ops reference = new ScalarOps()) {
            expected = run(reference, call, 0, batch);
        }
        Map<String, float[]> first = null;
        for (int schedule = 1; schedule <= 3; schedule++) {
            try (Ops ops = backend.open().apply(schedule)) {
                Map<String, float[]> actual = run(ops, call, 0, batch);
                if (schedule == 1) expected.forEach((name, values) -> assertClose(name, values, actual.get(name), atol, rtol));
                else assertSameBits("schedule " + schedule, first, actual);
                if (schedule == 1) first = actual;
                if (schedule == 2 && batch > 1) assertPartsAlone(ops, call, first, atol, rtol);
            }
        }
    }

    private void assertPartsAlone(Ops ops, Call call, Map<String, float[]> whole, float atol, float rtol) {
        for (int part = 0; part < batch; part++) {
            Map<String, float[]> slice = new HashMap<>();
            for (Map.Entry<String, float[]> e : whole.entrySet()) slice.put(e.getKey(), slice(e.getValue(), part, 1));
            Map<String, float[]> alone = run(ops, call, part, 1);
            if (backend.sameBitsInABatch()) assertSameBits("part " + part + " alone", slice, alone);
            else slice.forEach((name, values) -> assertClose(name, values, alone.get(name), atol, rtol));
        }
    }

    private Map<String, float[]> run(Ops ops, Call call, int first, int count) {
        try (Workspace memory = ops.workspace()) {
            Map<String, Tensor> tensors = new HashMap<>();
            List<Tensor> guards = new ArrayList<>();
            guards.add(guard(ops, memory));
            for (Item item : items) {
                Tensor tensor = memory.tensor(item.name, item.batched ? part(item.shape, count) : item.shape);
                guardRowEnds(tensor, false);
                ops.upload(tensor, item.batched ? slice(item.values, first, count) : item.values);
                tensors.put(item.name, tensor);
                guards.add(guard(ops, memory));
            }
            call.run(ops, tensors, new Parts(first, count));
            for (Tensor guard : guards) for (float v : ops.download(guard)) assertEquals(GUARD, v, "memory beside a tensor was written");
            Map<String, float[]> results = new HashMap<>();
            for (Item item : items) {
                Tensor tensor = tensors.get(item.name);
                guardRowEnds(tensor, true);
                if (item.output) results.put(item.name, ops.download(tensor));
                else assertSameBits("input " + item.name, Map.of(item.name, item.batched ? slice(item.values, first, count) : item.values),
                    Map.of(item.name, ops.download(tensor)));
            }
            return results;
        }
    }

    private Shape part(Shape shape, int count) {
        int[] sizes = shape.sizes();
        sizes[0] = sizes[0] / batch * count;
        return Shape.unnamed(sizes);
    }

    private float[] slice(float[] values, int first, int count) {
        int size = values.length / batch;
        return Arrays.copyOfRange(values, first * size, (first + count) * size);
    }

    private static Tensor guard(Ops ops, Workspace memory) {
        Tensor guard = memory.tensor("guard", Shape.of("float", 16));
        ops.fill(guard, GUARD);
        return guard;
    }

    /** On the host the gaps between rows can be seen as well. */
    private static void guardRowEnds(Tensor tensor, boolean check) {
        if (!(tensor.storage() instanceof Storage.Host)) return;
        for (int row = 0; row < tensor.rows(); row++) {
            for (int c = tensor.cols(); c < tensor.stride(); c++) {
                if (check) assertEquals(GUARD, tensor.get(row, c), tensor + ": the gap after row " + row + " was written");
                else tensor.set(row, c, GUARD);
            }
        }
    }

    private static void assertSameBits(String what, Map<String, float[]> expected, Map<String, float[]> actual) {
        expected.forEach((name, values) -> {
            for (int i = 0; i < values.length; i++)
                if (Float.floatToRawIntBits(values[i]) != Float.floatToRawIntBits(actual.get(name)[i]))
                    fail(what + ": " + name + "[" + i + "] is " + actual.get(name)[i] + ", was " + values[i]);
        });
    }

    static void assertClose(String name, float[] expected, float[] actual, float atol, float rtol) {
        assertEquals(expected.length, actual.length, name);
        for (int i = 0; i < expected.length; i++)
            if (!close(expected[i], actual[i], atol, rtol)) fail(name + "[" + i + "] is " + actual[i] + ", the reference has " + expected[i]);
    }

    /** Accepts rather than rejects, so that NaN and infinity cannot slip through. */
    static boolean close(float expected, float actual, float atol, float rtol) {
        return Float.isFinite(expected) && Math.abs(expected - actual) <= atol + rtol * Math.abs(expected);
    }
}
