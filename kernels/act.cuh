/*
 * act: the number type of a tower's activations. build.sh compiles a file that includes this once for each of the three types, into
 * ptx/NAME.f32.ptx, NAME.f16.ptx and NAME.bf16.ptx; the kernels keep their names. Sums are float32 in all three.
 */
#pragma once
#include "common.cuh"

#if defined(ACT_F16)
typedef __half act;
__device__ __forceinline__ float from_act(act v) { return __half2float(v); }
__device__ __forceinline__ act to_act(float v) { return __float2half_rn(v); }
#elif defined(ACT_BF16)
typedef __nv_bfloat16 act;
__device__ __forceinline__ float from_act(act v) { return __bfloat162float(v); }
__device__ __forceinline__ act to_act(float v) { return __float2bfloat16_rn(v); }
#elif defined(ACT_F32)
typedef float act;
__device__ __forceinline__ float from_act(act v) { return v; }
__device__ __forceinline__ act to_act(float v) { return v; }
#else
#error "name the activation type: ACT_F32, ACT_F16 or ACT_BF16"
#endif
