#include "common.cuh"

/*
 * The transition matrix is T = diag(r) A diag(c): dividing columns and rows by their sums in turn only changes the two vectors, so A is read, never
 * rewritten, until the end. In place of a vector of ones stands the null pointer.
 */

#define COLUMNS 32
#define COLUMN_WARPS 16
#define TILE 32
#define TILE_WARPS 8

__device__ __forceinline__ float factor_of(const float* factors, int i) {
    return factors == nullptr ? 1.0f : factors[i];
}

/*
 * column_factors:  c[s,j] = 1 / sum over i of r[s,i] * a[s,i,j]
 * Shapes    c (S, n) dense; a (S, n, n) float32, rows a_ld apart; r (S, n) dense or null for ones.
 * Launch    block (32, 16), grid (ceil(n / 32), S), no dynamic shared memory. A block owns 32 columns, a warp every sixteenth row of them.
 * Memory    a is read once, 128 bytes a warp and row; each factor r comes to all lanes at once.
 * Numerics  two stages, both in a fixed order: each warp adds its rows, then the sixteen partial sums. A column of zeros gives infinity, and T NaN.
 * Domain    any S, n >= 1.
 * Oracle    ScalarOps.transition
 */
extern "C" __global__ void column_factors(float* c, const float* a, const float* r, int n, int a_ld) {
    __shared__ float partial[COLUMN_WARPS][COLUMNS];
    const int lane = threadIdx.x, warp = threadIdx.y, window = blockIdx.y, column = blockIdx.x * COLUMNS + lane;
    float sum = 0.0f;
    if (column < n)
        for (int i = warp; i < n; i += COLUMN_WARPS) sum += factor_of(r, window * n + i) * row_of(a, window * n + i, a_ld)[column];
    partial[warp][lane] = sum;
    __syncthreads();
    if (warp > 0 || column >= n) return;
    for (int w = 1; w < COLUMN_WARPS; w++) sum += partial[w][lane];
    c[window * n + column] = 1.0f / sum;
}

/*
 * row_factors:  r[s,i] = 1 / sum over j of a[s,i,j] * c[s,j]
 * Shapes    r, c (S, n) dense; a (S, n, n) float32, rows a_ld apart.
 * Launch    block (32, WARPS), grid (ceil(S*n / WARPS)), no dynamic shared memory. One warp owns one row.
 * Memory    a is read once, coalesced; c mostly from cache.
 * Numerics  sums by lane, then in the warp's fixed tree.
 * Domain    any S, n >= 1.
 * Oracle    ScalarOps.transition
 */
extern "C" __global__ void row_factors(float* r, const float* a, const float* c, int rows, int n, int a_ld) {
    const int row = blockIdx.x * blockDim.y + threadIdx.y;
    if (row >= rows) return;                        // the same for the whole warp
    const float* values = row_of(a, row, a_ld);
    const float* factors = c + row / n * n;
    float sum = 0.0f;
    for (int j = threadIdx.x; j < n; j += WARP) sum += values[j] * factors[j];
    sum = warp_sum(sum);
    if (threadIdx.x == 0) r[row] = 1.0f / sum;
}

/*
 * scale_matrix:  t[s,i,j] = r[s,i] * a[s,i,j] * c[s,j]
 * Shapes    t, a (S, n, n) float32, rows t_ld and a_ld apart; r, c (S, n) dense, or both null for ones. t == a is allowed.
 * Launch    block (32, WARPS), grid (ceil(S*n / WARPS)), no dynamic shared memory. One warp owns one row.
 * Memory    read and written once, coalesced.
 * Numerics  two products, each rounded.
 * Domain    any S, n >= 1.
 * Oracle    ScalarOps.transition
 */
extern "C" __global__ void scale_matrix(float* t, const float* a, const float* r, const float* c, int rows, int n, int t_ld, int a_ld) {
    const int row = blockIdx.x * blockDim.y + threadIdx.y;
    if (row >= rows) return;
    const float* from = row_of(a, row, a_ld);
    float* to = row_of(t, row, t_ld);
    for (int j = threadIdx.x; j < n; j += WARP) to[j] = from[j] * factor_of(c, row / n * n + j) * factor_of(r, row);
}

/*
 * scale_symmetric:  t[s,i,j] = (u[s,i,j] + u[s,j,i]) / 2,  u[s,i,j] = r[s,i] * a[s,i,j] * c[s,j]
 * Shapes    t, a (S, n, n) float32, rows t_ld and a_ld apart; r, c (S, n) dense, or both null for ones. t == a is allowed.
 * Launch    block (32, 8), grid (tiles, tiles, S), tiles = ceil(n / 32), no dynamic shared memory. A block owns tiles (y, x) and (x, y), x <= y.
 * Memory    read and written once, coalesced: both tiles lie in shared memory before either is written, which is what allows t == a.
 * Numerics  the sum of two products is the same in both orders, so T is symmetric to the bit.
 * Domain    any S, n >= 1.
 * Oracle    ScalarOps.transition
 */
extern "C" __global__ void scale_symmetric(float* t, const float* a, const float* r, const float* c, int n, int t_ld, int a_ld) {
    __shared__ float lower[TILE][TILE + 1], upper[TILE][TILE + 1];
    if (blockIdx.x > blockIdx.y) return;            // the mirrored block does both
    const int first = blockIdx.z * n, y0 = blockIdx.y * TILE, x0 = blockIdx.x * TILE, lane = threadIdx.x;
    for (int i = threadIdx.y; i < TILE; i += TILE_WARPS) {
        if (y0 + i < n && x0 + lane < n)
            lower[i][lane] = row_of(a, first + y0 + i, a_ld)[x0 + lane] * factor_of(c, first + x0 + lane) * factor_of(r, first + y0 + i);
        if (x0 + i < n && y0 + lane < n)
            upper[i][lane] = row_of(a, first + x0 + i, a_ld)[y0 + lane] * factor_of(c, first + y0 + lane) * factor_of(r, first + x0 + i);
    }
    __syncthreads();
    for (int i = threadIdx.y; i < TILE; i += TILE_WARPS) {
        if (y0 + i < n && x0 + lane < n) row_of(t, first + y0 + i, t_ld)[x0 + lane] = (lower[i][lane] + upper[lane][i]) * 0.5f;
        if (x0 != y0 && x0 + i < n && y0 + lane < n) row_of(t, first + x0 + i, t_ld)[y0 + lane] = (upper[i][lane] + lower[lane][i]) * 0.5f;
    }
}
