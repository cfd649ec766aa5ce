#include "act.cuh"
#include "activation.cuh"

/* Rows and columns of c that a block makes, and how much of k lies in shared memory at a time. */
#define TILE 64
#define DEPTH 16
/* Threads along each side of a tile, and rows and columns of c that a thread makes. */
#define SIDE 16
#define OWN (TILE / SIDE)
/* Keeps the starts of shared rows at multiples of 16 bytes, so that a thread reads its four values at once. */
#define PADDING 4

/* tile[k][i] = rows[first + i, from + k] of a matrix (count, k_count) whose rows lie ld apart, 0 outside: neighbouring threads walk along a row. */
__device__ __forceinline__ void load_rows(float (*tile)[TILE + PADDING], const act* rows, int first, int count, int from, int k_count, int ld) {
    const int k = threadIdx.x % DEPTH;
    for (int i = threadIdx.x / DEPTH; i < TILE; i += SIDE * SIDE / DEPTH)
        tile[k][i] = first + i < count && from + k < k_count ? from_act(row_of(rows, first + i, ld)[from + k]) : 0.0f;
}

/* tile[k][j] = b[from + k, first + j] of a matrix (k_count, count) whose rows lie ld apart, 0 outside: neighbouring threads walk along a row. */
__device__ __forceinline__ void load_columns(float (*tile)[TILE + PADDING], const act* b, int first, int count, int from, int k_count, int ld) {
    const int j = threadIdx.x % TILE;
    for (int k = threadIdx.x / TILE; k < DEPTH; k += SIDE * SIDE / TILE)
        tile[k][j] = first + j < count && from + k < k_count ? from_act(row_of(b, from + k, ld)[first + j]) : 0.0f;
}

/* Every sum runs over k from 0 up in one thread, wherever its row and column fall: the same bits for a row, however many rows there are. */
template <bool TRANSPOSED>
__device__ __forceinline__ void multiply(void* c, const act* a, const act* b, const float* bias, int m, int n, int k, int c_ld, int a_ld, int b_ld,
                                         long long c_step, long long a_step, long long b_step, float alpha, float beta, int activation, int c_float) {
    __shared__ __align__(16) float a_tile[DEPTH][TILE + PADDING];
    __shared__ __align__(16) float b_tile[DEPTH][TILE + PADDING];
    __shared__ __align__(16) float c_tile[TILE][TILE];
    a += blockIdx.y * a_step;
    b += blockIdx.y * b_step;
    const int columns = (n + TILE - 1) / TILE;
    const int first_row = blockIdx.x / columns * TILE, first_column = blockIdx.x % columns * TILE;
    const int row = threadIdx.x / SIDE * OWN, column = threadIdx.x % SIDE * OWN;
    float sums[OWN][OWN] = {};
    for (int from = 0; from < k; from += DEPTH) {
        load_rows(a_tile, a, first_row, m, from, k, a_ld);
        if (TRANSPOSED) load_rows(b_tile, b, first_column, n, from, k, b_ld);
        else load_columns(b_tile, b, first_column, n, from, k, b_ld);
        __syncthreads();
        #pragma unroll 4
        for (int depth = 0; depth < DEPTH; depth++) {
            float a_own[OWN], b_own[OWN];
            #pragma unroll
            for (int i = 0; i < OWN; i++) { a_own[i] = a_tile[depth][row + i]; b_own[i] = b_tile[depth][column + i]; }
            #pragma unroll
            for (int i = 0; i < OWN; i++) {
                #pragma unroll
                for (int j = 0; j < OWN; j++) sums[i][j] += a_own[i] * b_own[j];
            }
        }
        __syncthreads();                      // the tiles are about to be overwritten
    }
    #pragma unroll
    for (int i = 0; i < OWN; i++) {
        #pragma unroll
        for (int j = 0; j < OWN; j++) c_tile[row + i][column + j] = sums[i][j];
    }
    __syncthreads();
    #pragma unroll 1                          // the activation is long: once in the code, not once for each element
    for (int i = threadIdx.x; i < TILE * TILE; i += SIDE * SIDE) {
        const int y = first_row + i / TILE, x = first_column + i % TILE;
        if (y >= m || x >= n) continue;
        const size_t at = blockIdx.y * c_step + (size_t) y * c_ld + x;
        float value = alpha * c_tile[i / TILE][i % TILE];
        if (bias != nullptr) value += bias[x];
        value = activate(value, activation);
        if (beta != 0.0f) value += beta * (c_float ? ((const float*) c)[at] : from_act(((const act*) c)[at]));   // otherwise c may hold anything
        if (c_float) ((float*) c)[at] = value;
        else ((act*) c)[at] = to_act(value);
    }
}

/*
 * gemm_transposed:  c[s,i,j] = activation(alpha * sum over k of a[s,i,k] * b[s,j,k] + bias[j]) + beta * c[s,i,j]
 * Shapes    a (S, M, K), b (S, N, K) act; c (S, M, N) act, or float32 if c_float; bias (N) float32, or null for none. Rows lie *_ld apart, matrices *_step,
 *           which may be less than a matrix: heads lie beside each other. c shares no element with a or b, nor its matrices with each other.
 * Launch    block (256), grid (ceil(M / 64) * ceil(N / 64), S), no dynamic shared memory. A block owns a tile of 64 x 64, a thread 4 x 4 of it.
 * Memory    tiles of 16 along k go through shared memory as float32; 16 threads read 16 neighbours of a row. a is read N / 64 times, b M / 64 times.
 *           Sums go through shared memory too: 64 threads then write 64 neighbours of a row of c.
 * Numerics  float32 products and sums, k from 0 up in one thread; residual (beta c) last: it is large beside the branch it gains. c is not read if beta is 0.
 * Domain    any M, N >= 1, K >= 0, any steps and distances; tails are zeros in shared memory. S is at most what a grid has in y.
 * Oracle    ScalarOps.linear
 */
extern "C" __global__ void gemm_transposed(void* c, const act* a, const act* b, const float* bias, int m, int n, int k, int c_ld, int a_ld, int b_ld,
                                           long long c_step, long long a_step, long long b_step, float alpha, float beta, int activation, int c_float) {
    multiply<true>(c, a, b, bias, m, n, k, c_ld, a_ld, b_ld, c_step, a_step, b_step, alpha, beta, activation, c_float);
}

/*
 * gemm:  c[s,i,j] = activation(alpha * sum over k of a[s,i,k] * b[s,k,j] + bias[j]) + beta * c[s,i,j]
 * Shapes    as gemm_transposed, but b (S, K, N).
 * Launch    as gemm_transposed.
 * Memory    as gemm_transposed, but 64 threads read 64 neighbours of a row of b.
 * Numerics  as gemm_transposed.
 * Domain    as gemm_transposed.
 * Oracle    ScalarOps.attention
 */
extern "C" __global__ void gemm(void* c, const act* a, const act* b, const float* bias, int m, int n, int k, int c_ld, int a_ld, int b_ld,
                                long long c_step, long long a_step, long long b_step, float alpha, float beta, int activation, int c_float) {
    multiply<false>(c, a, b, bias, m, n, k, c_ld, a_ld, b_ld, c_step, a_step, b_step, alpha, beta, activation, c_float);
}

/*
 * narrow:  y[n,c] = x[n,c] rounded to act
 * Shapes    x (N, C) float32, rows x_ld apart; y (N, C) act, rows y_ld apart. They do not share memory.
 * Launch    block (32, ROWS), grid (ceil(N / ROWS), any), no dynamic shared memory. Warps of gridDim.y blocks share a row.
 * Memory    lanes touch neighbouring values (coalesced); x is read once, y written once.
 * Numerics  to nearest, ties to even; beyond the largest act infinity.
 * Domain    any N >= 1, C >= 1.
 * Oracle    ScalarOps.linear
 */
extern "C" __global__ void narrow(act* y, const float* x, int n, int c, int y_ld, int x_ld) {
    const int row = blockIdx.x * blockDim.y + threadIdx.y;
    if (row >= n) return;
    act* yr = row_of(y, row, y_ld);
    const float* xr = row_of(x, row, x_ld);
    for (int i = blockIdx.y * WARP + threadIdx.x; i < c; i += gridDim.y * WARP) yr[i] = to_act(xr[i]);
}
