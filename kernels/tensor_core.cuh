/*
 * PTX instructions that CUDA C++ has no words for: ldmatrix, mma.sync and cp.async of compute capability 8.0. build.sh compiles a file that includes this for
 * compute_80 and for 16-bit activations only. On the emulator its shim does what the instructions do.
 *
 * A fragment is what the 32 lanes of a warp hold of a matrix: a lane's group = lane / 4 names a row, its pair = lane % 4 * 2 the first of two neighbouring
 * columns. Of a (16 x 16) a lane holds a[0] = (group, pair), a[1] = (group + 8, pair), a[2] = (group, pair + 8), a[3] = (group + 8, pair + 8), two elements
 * each; of b (16 x 8), columns for rows, b[0] = (pair, group), b[1] = (pair + 8, group); of d (16 x 8) d[0], d[1] = (group, pair), d[2], d[3] = (group + 8, pair).
 */
#pragma once
#include <cstdint>
#include "common.cuh"

/* Bytes of a 16-bit row of an 8 x 8 matrix, and of one asynchronous copy. */
#define CHUNK_BYTES 16

#ifdef CUDA_EMU
using emu::mma_m16n8k16;

__device__ __forceinline__ void ldmatrix_x4(uint32_t* registers, const void* row) { emu::ldmatrix<4>(registers, row); }
__device__ __forceinline__ void ldmatrix_x4_trans(uint32_t* registers, const void* row) { emu::ldmatrix<4, true>(registers, row); }
__device__ __forceinline__ void copy_chunk(void* to, const void* from, int bytes) { emu::cp_async<CHUNK_BYTES>(to, from, bytes); }
__device__ __forceinline__ void copy_commit() { emu::copy_commit(); }
template <int PENDING>
__device__ __forceinline__ void copy_wait() { emu::copy_wait(PENDING); }

#else

/* d += a b, products exact, sums float32. T is the type of a's and b's elements. */
template <class T>
__device__ __forceinline__ void mma_m16n8k16(float* d, const uint32_t* a, const uint32_t* b);

template <>
__device__ __forceinline__ void mma_m16n8k16<__half>(float* d, const uint32_t* a, const uint32_t* b) {
    asm("mma.sync.aligned.m16n8k16.row.col.f32.f16.f16.f32 {%0, %1, %2, %3}, {%4, %5, %6, %7}, {%8, %9}, {%0, %1, %2, %3};"
        : "+f"(d[0]), "+f"(d[1]), "+f"(d[2]), "+f"(d[3]) : "r"(a[0]), "r"(a[1]), "r"(a[2]), "r"(a[3]), "r"(b[0]), "r"(b[1]));
}

template <>
__device__ __forceinline__ void mma_m16n8k16<__nv_bfloat16>(float* d, const uint32_t* a, const uint32_t* b) {
    asm("mma.sync.aligned.m16n8k16.row.col.f32.bf16.bf16.f32 {%0, %1, %2, %3}, {%4, %5, %6, %7}, {%8, %9}, {%0, %1, %2, %3};"
        : "+f"(d[0]), "+f"(d[1]), "+f"(d[2]), "+f"(d[3]) : "r"(a[0]), "r"(a[1]), "r"(a[2]), "r"(a[3]), "r"(b[0]), "r"(b[1]));
}

__device__ __forceinline__ uint32_t shared_address(const void* pointer) { return (uint32_t) __cvta_generic_to_shared(pointer); }

/* Reads four 8 x 8 matrices of 16-bit elements out of shared memory: registers[i] = (group, pair) of matrix i. Lane 8 i + j gives the start of row j of matrix i. */
__device__ __forceinline__ void ldmatrix_x4(uint32_t* registers, const void* row) {
    asm volatile("ldmatrix.sync.aligned.m8n8.x4.shared.b16 {%0, %1, %2, %3}, [%4];"
        : "=r"(registers[0]), "=r"(registers[1]), "=r"(registers[2]), "=r"(registers[3]) : "r"(shared_address(row)) : "memory");
}

/* The same of the matrices' transposes: registers[i] = (pair, group) of matrix i. */
__device__ __forceinline__ void ldmatrix_x4_trans(uint32_t* registers, const void* row) {
    asm volatile("ldmatrix.sync.aligned.m8n8.x4.trans.shared.b16 {%0, %1, %2, %3}, [%4];"
        : "=r"(registers[0]), "=r"(registers[1]), "=r"(registers[2]), "=r"(registers[3]) : "r"(shared_address(row)) : "memory");
}

/* Starts a copy of the first `bytes` (0 to 16) from global memory; what is missing to 16 becomes zero. Both addresses are multiples of 16. */
__device__ __forceinline__ void copy_chunk(void* to, const void* from, int bytes) {
    asm volatile("cp.async.cg.shared.global [%0], [%1], 16, %2;" :: "r"(shared_address(to)), "l"(__cvta_generic_to_global(from)), "r"(bytes) : "memory");
}

/* Makes one group of the thread's copies since the last group. */
__device__ __forceinline__ void copy_commit() { asm volatile("cp.async.commit_group;" ::: "memory"); }

/* Waits until all of the thread's groups but the latest PENDING have landed. Other threads' copies are there after the next __syncthreads(). */
template <int PENDING>
__device__ __forceinline__ void copy_wait() { asm volatile("cp.async.wait_group %0;" :: "n"(PENDING) : "memory"); }

#endif
