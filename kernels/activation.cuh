/* The non-linearities after a linear map. */
#pragma once
#include "common.cuh"

/* The order of dev.freecp.ops.Activation. */
enum { NONE, QUICK_GELU, GELU };

/* v; v * sigmoid(1.702 v); v * (1 + erf(v / sqrt 2)) / 2. */
__device__ __forceinline__ float activate(float v, int activation) {
    switch (activation) {
        case QUICK_GELU: return v / (1.0f + expf(-1.702f * v));
        case GELU: return 0.5f * v * erfcf(-0.70710678f * v);      // 1 + erf(z) = erfc(-z), which does not cancel below zero
        default: return v;
    }
}
