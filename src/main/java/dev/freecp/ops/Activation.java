package dev.freecp.ops;

/** Non-linearity after a linear map. */
public enum Activation {
    /** x. */
    NONE,
    /** x * sigmoid(1.702 x): OpenAI's weights. */
    QUICK_GELU,
    /** x * (1 + erf(x / sqrt 2)) / 2: the exact form, LAION's OpenCLIP weights. */
    GELU
}
