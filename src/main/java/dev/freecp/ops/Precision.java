package dev.freecp.ops;

import dev.freecp.tensor.DType;
import java.util.Locale;

/** Numbers that a device's towers compute with. Sums are float32 in all of them, and from the affinity and the features on everything is. */
public enum Precision {
    /** float32 throughout. */
    FP32(DType.F32),
    /** float32 in memory; matrix products round their inputs to 10 bits of mantissa. */
    TF32(DType.F32),
    /** Weights and activations in bfloat16. */
    BF16(DType.BF16),
    /** Weights and activations in float16. */
    FP16(DType.F16);

    private final DType activation;

    Precision(DType activation) {
        this.activation = activation;
    }

    /** Type of weights and of {@link Workspace#activation}. */
    public DType activation() {
        return activation;
    }

    /** {@code fp32}, {@code tf32}, {@code bf16} or {@code fp16}. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
