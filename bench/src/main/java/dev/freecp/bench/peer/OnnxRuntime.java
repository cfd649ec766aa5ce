package dev.freecp.bench.peer;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.Map;

/**
 * A graph of {@link OnnxTower} in ONNX Runtime. Its threads sleep between calls: whatever is measured in turn with it has the processors for itself. Input and
 * output lie in direct buffers, so that nothing is copied on the way.
 */
public final class OnnxRuntime implements AutoCloseable {

    private final OrtEnvironment environment = OrtEnvironment.getEnvironment();
    private final OrtSession session;

    /** @param threads that work on one operator, the calling one among them */
    public OnnxRuntime(Path graph, int threads) {
        try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
            options.setIntraOpNumThreads(threads);
            options.setInterOpNumThreads(1);
            options.setOptimizationLevel(OrtSession.SessionOptions.OptLevel.ALL_OPT);
            options.addConfigEntry("session.intra_op.allow_spinning", "0");
            session = environment.createSession(graph.toString(), options);
        } catch (OrtException e) {
            throw new IllegalStateException(graph + ": ONNX Runtime does not take this graph: " + e.getMessage(), e);
        }
    }

    /** ONNX Runtime's version. */
    public static String version() {
        return OrtEnvironment.getEnvironment().getVersion();
    }

    /** Sequences of one length on their way through the blocks, again and again. */
    public final class Pass implements AutoCloseable {

        private final OnnxTensor input;
        private final OnnxTensor output;
        private final FloatBuffer values;

        private Pass(float[] tokens, long sequences, long length, long width) throws OrtException {
            long[] shape = {sequences, length, width};
            FloatBuffer in = direct(tokens.length).put(tokens).rewind();
            values = direct(tokens.length);
            input = OnnxTensor.createTensor(environment, in, shape);
            output = OnnxTensor.createTensor(environment, values, shape);
        }

        private static FloatBuffer direct(int count) {
            return ByteBuffer.allocateDirect(count * Float.BYTES).order(ByteOrder.nativeOrder()).asFloatBuffer();
        }

        public void run() {
            try (OrtSession.Result result = session.run(Map.of(OnnxTower.INPUT, input), Map.of(OnnxTower.OUTPUT, output))) {
                if (result.size() != 1) throw new IllegalStateException("one output is wanted, ONNX Runtime gave " + result.size());
            } catch (OrtException e) {
                throw new IllegalStateException("ONNX Runtime failed: " + e.getMessage(), e);
            }
        }

        /** What the last run gave. */
        public float[] output() {
            float[] copy = new float[values.capacity()];
            values.get(0, copy);
            return copy;
        }

        @Override
        public void close() {
            input.close();
            output.close();
        }
    }

    /** @param tokens (S, N, D) */
    public Pass pass(float[] tokens, int sequences, int width) {
        try {
            return new Pass(tokens, sequences, tokens.length / sequences / width, width);
        } catch (OrtException e) {
            throw new IllegalStateException("ONNX Runtime does not take " + tokens.length + " numbers: " + e.getMessage(), e);
        }
    }

    @Override
    public void close() {
        try {
            session.close();
        } catch (OrtException e) {
            throw new IllegalStateException("ONNX Runtime does not end: " + e.getMessage(), e);
        }
    }
}
