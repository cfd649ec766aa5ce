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

    /** {@code block07} for 7. */
    static String block(int layer) {
        return "block%02d".formatted(layer);
    }
}
