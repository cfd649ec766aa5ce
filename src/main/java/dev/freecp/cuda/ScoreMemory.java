package dev.freecp.cuda;

import dev.freecp.ops.Workspace;
import dev.freecp.tensor.DType;
import dev.freecp.tensor.Shape;
import dev.freecp.tensor.Tensor;

/**
 * Scores (S, parts, H, N, N) in float32: of some sequences, as many softmaxes as are summed up, heads, queries and keys. The probabilities that
 * {@code attention_softmax} makes of them lie in the same memory: each row at the beginning of its own scores of part 0, in the type of activations.
 */
record ScoreMemory(Tensor scores, int parts, int heads) {

    static ScoreMemory take(Workspace scratch, int sequences, int parts, int heads, int n) {
        return new ScoreMemory(scratch.tensor("scores", Shape.of("sequence part head query key", sequences, parts, heads, n, n)), parts, heads);
    }

    /** The same memory of one sequence with all parts seen as further heads. */
    ScoreMemory partsAsHeads() {
        return new ScoreMemory(scores, 1, parts * heads);
    }

    /** N. */
    int tokens() {
        return scores.cols();
    }

    HeadMatrices part(int part) {
        return matrices(DType.F32, part);
    }

    HeadMatrices probabilities(DType type) {
        return matrices(type, 0);
    }

    private HeadMatrices matrices(DType type, int part) {
        int stride = scores.stride() * (DType.F32.bytes() / type.bytes()), n = tokens();
        long head = (long) n * stride;
        Matrix first = new Matrix(DeviceMemory.addressOf(scores), type, n, n, stride, 0).from(part * heads * head, 0);
        return new HeadMatrices(first, parts * heads * head, head);
    }
}
