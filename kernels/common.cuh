/* The few helpers that every kernel family shares. */
#pragma once

/* Lanes of a warp, on every device so far. */
#define WARP 32

/* Sum of v over the lanes of a warp; every lane gets it. All lanes must take part. The tree of additions is the same on every run: same bits. */
__device__ __forceinline__ float warp_sum(float v) {
    for (int distance = WARP / 2; distance > 0; distance /= 2) v += __shfl_xor_sync(0xffffffffu, v, distance);
    return v;
}
