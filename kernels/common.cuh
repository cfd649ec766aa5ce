/* The few helpers that every kernel family shares. */
#pragma once

#ifndef CUDA_EMU
#include <cuda_bf16.h>
#include <cuda_fp16.h>
/* Shared memory whose size the launcher gives. */
#define DYNAMIC_SHARED(type, name) extern __shared__ __align__(16) unsigned char name##_bytes[]; type* const name = reinterpret_cast<type*>(name##_bytes)
#endif

/* Lanes of a warp, on every device so far. */
#define WARP 32
#define ALL_LANES 0xffffffffu

/* Sum of v over the lanes of a warp; every lane gets it. All lanes must take part. The tree of additions is the same on every run: same bits. */
__device__ __forceinline__ float warp_sum(float v) {
    for (int distance = WARP / 2; distance > 0; distance /= 2) v += __shfl_xor_sync(ALL_LANES, v, distance);
    return v;
}

/* Largest v over the lanes of a warp; every lane gets it. */
__device__ __forceinline__ float warp_max(float v) {
    for (int distance = WARP / 2; distance > 0; distance /= 2) v = fmaxf(v, __shfl_xor_sync(ALL_LANES, v, distance));
    return v;
}

/* Smallest v over the lanes of a warp; every lane gets it. */
__device__ __forceinline__ float warp_min(float v) {
    for (int distance = WARP / 2; distance > 0; distance /= 2) v = fminf(v, __shfl_xor_sync(ALL_LANES, v, distance));
    return v;
}

/* Start of row i of a matrix whose rows lie ld elements apart. */
template <class T>
__device__ __forceinline__ T* row_of(T* matrix, int i, int ld) {
    return matrix + (size_t) i * ld;
}

/* The smaller of a and b, NaN where either is: Java's Math.min. fminf would hide a NaN that the oracle shows. */
__device__ __forceinline__ float min_or_nan(float a, float b) {
    return b < a || b != b ? b : a;
}

/* The larger of a and b, NaN where either is: Java's Math.max. */
__device__ __forceinline__ float max_or_nan(float a, float b) {
    return b > a || b != b ? b : a;
}

/* Smallest v over the lanes of a warp, NaN if there is one; every lane gets it. All lanes must take part. */
__device__ __forceinline__ float warp_min_or_nan(float v) {
    for (int distance = WARP / 2; distance > 0; distance /= 2) v = min_or_nan(v, __shfl_xor_sync(ALL_LANES, v, distance));
    return v;
}

/* Largest v over the lanes of a warp, NaN if there is one; every lane gets it. All lanes must take part. */
__device__ __forceinline__ float warp_max_or_nan(float v) {
    for (int distance = WARP / 2; distance > 0; distance /= 2) v = max_or_nan(v, __shfl_xor_sync(ALL_LANES, v, distance));
    return v;
}
