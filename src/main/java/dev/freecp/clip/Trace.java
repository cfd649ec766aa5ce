package dev.freecp.clip;

import dev.freecp.tensor.Tensor;

/**
 * Sees every stage of a run as it happens, under the names of the goldens ({@code embed}, {@code block03}, {@code patch_feature}, {@code softmax}, ...).
 * A tensor is only valid during the call: its memory is reused.
 */
@FunctionalInterface
public interface Trace {

    /** Looks at nothing. */
    Trace NONE = (stage, tensor) -> { };

    /**
     * @param stage  name of the stage
     * @param tensor its result for all windows of the batch, on the backend
     */
    void stage(String stage, Tensor tensor);

    /**
     * Whether the tower is to show the class token's attention of every block, the last one included: {@code cls_attention07}, head mean, one row of N
     * tokens a window. Nothing else reads it, so it is only computed for those who want it, and beside what the others read.
     */
    default boolean wantsClassAttention() {
        return false;
    }

    /** {@code block07} for 7. */
    static String block(int layer) {
        return "block%02d".formatted(layer);
    }

    /** {@code cls_attention07} for 7. */
    static String classAttention(int layer) {
        return "cls_attention%02d".formatted(layer);
    }
}
