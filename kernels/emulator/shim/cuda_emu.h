/*
 * Lets g++ compile the project's .cu files as they are: g++ -x c++ -DCUDA_EMU -include cuda_emu.h NAME.cu. CUDA's words become C++ here, its functions in
 * the headers below; what a kernel asks of its device goes to the fake driver through runtime.h. A word that is missing is a compile error, not a wrong result.
 */
#pragma once
#include <math.h>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <type_traits>
#include <utility>
#include "../runtime.h"

#define __global__
#define __device__
#define __host__
#define __constant__ static
#define __forceinline__ inline __attribute__((always_inline))
#define __noinline__ __attribute__((noinline))
#define __launch_bounds__(...)
#define __align__(bytes) __attribute__((aligned(bytes)))

/* An OS thread runs one block at a time, so a block's static shared memory is the thread-local memory of the module's library. */
#define __shared__ static thread_local
#define DYNAMIC_SHARED(type, name) type* const name = reinterpret_cast<type*>(emu::block_here.dynamic)

#define threadIdx (emu::here->thread)
#define blockIdx (emu::block_here.block)
#define blockDim (emu::block_here.threads)
#define gridDim (emu::block_here.blocks)
static const int warpSize = 32;

#define __syncthreads() emu::barrier(__FILE__, __LINE__)

#include "half_types.h"
#include "intrinsics.h"
#include "warp.h"
#include "tensor_core.h"
