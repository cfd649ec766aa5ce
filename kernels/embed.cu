#include "common.cuh"

/*
 * embed_patches:  x[s*T] = cls + position[0];  x[s*T + 1 + i] = patches[s*(T-1) + i] + position[1 + i]
 * Shapes    x (N, C), patches (N / T * (T - 1), C), cls (C), position (T, C), all float32; rows x_ld, patches_ld, position_ld apart. No two share memory.
 * Launch    block (32, ROWS), grid (ceil(N / ROWS), any), no dynamic shared memory. Warps of gridDim.y blocks share a row.
 * Memory    lanes touch neighbouring floats (coalesced); everything but position is read once, position comes from cache from the second sequence on.
 * Numerics  one addition each, as the oracle.
 * Domain    T >= 2, N a multiple of T, any C >= 1.
 * Oracle    ScalarOps.embedPatches
 */
extern "C" __global__ void embed_patches(float* x, const float* patches, const float* cls, const float* position,
                                         int n, int tokens, int c, int x_ld, int patches_ld, int position_ld) {
    const int row = blockIdx.x * blockDim.y + threadIdx.y;
    if (row >= n) return;
    const int s = row / tokens, t = row % tokens;
    const float* from = t == 0 ? cls : row_of(patches, s * (tokens - 1) + t - 1, patches_ld);
    const float* at = row_of(position, t, position_ld);
    float* xr = row_of(x, row, x_ld);
    for (int i = blockIdx.y * WARP + threadIdx.x; i < c; i += gridDim.y * WARP) xr[i] = from[i] + at[i];
}

/*
 * embed_tokens:  x[s*T + t] = table[ids[s*T + t]] + position[t]
 * Shapes    x (N, C), table (V, C), position (at least T, C), all float32, rows x_ld, table_ld, position_ld apart; ids (N) int32. No two share memory.
 * Launch    block (32, ROWS), grid (ceil(N / ROWS), any), no dynamic shared memory. Warps of gridDim.y blocks share a row.
 * Memory    lanes touch neighbouring floats (coalesced); rows of the table that occur again, as the end token's, and position come from cache.
 * Numerics  one addition each, as the oracle.
 * Domain    N a multiple of T, ids in 0 .. V - 1, any C >= 1.
 * Oracle    ScalarOps.embedTokens
 */
extern "C" __global__ void embed_tokens(float* x, const int* ids, const float* table, const float* position,
                                        int n, int tokens, int c, int x_ld, int table_ld, int position_ld) {
    const int row = blockIdx.x * blockDim.y + threadIdx.y;
    if (row >= n) return;
    const float* from = row_of(table, ids[row], table_ld);
    const float* at = row_of(position, row % tokens, position_ld);
    float* xr = row_of(x, row, x_ld);
    for (int i = blockIdx.y * WARP + threadIdx.x; i < c; i += gridDim.y * WARP) xr[i] = from[i] + at[i];
}
