package dev.freecp.cuda;

import dev.freecp.tensor.Tensor;
import java.util.stream.Stream;

/**
 * One matrix for each head of each sequence.
 *
 * @param first        that of head 0 of sequence 0
 * @param sequenceStep from a sequence's matrix to the next sequence's, in elements
 * @param headStep     from a head's matrix to the next head's
 */
record HeadMatrices(Matrix first, long sequenceStep, long headStep) {

    /** In elements: 16 bytes of the shortest type. */
    private static final int ALIGNMENT = 8;

    /** n x d columns of each head of an activation (S*n, ...), heads side by side from column {@code column} on, from sequence {@code sequence} on. */
    static HeadMatrices of(Tensor x, int column, int n, int d, int sequence) {
        Matrix matrix = new Matrix(DeviceMemory.addressOf(x) + x.offset(sequence * n, column), x.type(), n, d, x.stride(), 0);
        return new HeadMatrices(matrix, (long) n * x.stride(), d);
    }

    private Matrix headsOf(int sequence) {
        return first.from(sequence * sequenceStep, headStep);
    }

    private Matrix sequencesOf(int head) {
        return first.from(head * headStep, sequenceStep);
    }

    /**
     * c = alpha * a b, or a b^T, for each head of each sequence. Distances between both at once are more than a batch can say: it runs over the more numerous,
     * the host over the other. Heads of odd sizes are batched whatever their number: whether all of a batch is aligned may decide who multiplies it, which
     * must not depend on the number of sequences.
     */
    static void multiply(Blas blas, HeadMatrices c, HeadMatrices a, HeadMatrices b, boolean transposed, int sequences, int heads, float alpha) {
        if (sequences <= heads || Stream.of(c, a, b).anyMatch(m -> m.headStep % ALIGNMENT != 0)) {
            for (int s = 0; s < sequences; s++) blas.multiply(new Product(c.headsOf(s), a.headsOf(s), b.headsOf(s), transposed, heads, alpha, 0));
        } else {
            for (int h = 0; h < heads; h++) blas.multiply(new Product(c.sequencesOf(h), a.sequencesOf(h), b.sequencesOf(h), transposed, sequences, alpha, 0));
        }
    }
}
