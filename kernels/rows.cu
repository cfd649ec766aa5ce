#include "common.cuh"

/*
 * normalize_rows:  x[n,c] = x[n,c] / sqrt(sum over c of x[n,c]^2)
 * Shapes    x (N, C) float32, rows x_ld apart, in place.
 * Launch    block (32, ROWS), grid (ceil(N / ROWS)), no dynamic shared memory. One warp owns one row.
 * Memory    lanes touch neighbouring floats (coalesced); each row is read twice, the second time mostly from cache.
 * Numerics  each lane sums every 32nd square in float32, then a tree over the lanes; a division each. No floor: a row of zeros becomes NaN, as in the oracle.
 * Domain    any N >= 1, C >= 1; sums of squares within float32's normal range.
 * Oracle    ScalarOps.normalizeRows
 */
extern "C" __global__ void normalize_rows(float* x, int n, int c, int x_ld) {
    const int row = blockIdx.x * blockDim.y + threadIdx.y;
    if (row >= n) return;                     // row is the same for the whole warp: no lane is left behind
    float* xr = row_of(x, row, x_ld);
    float squares = 0.0f;
    for (int i = threadIdx.x; i < c; i += WARP) squares += xr[i] * xr[i];
    const float norm = sqrtf(warp_sum(squares));
    for (int i = threadIdx.x; i < c; i += WARP) xr[i] /= norm;
}

/*
 * group_means:  y[g,c] = mean over r in group g of x[r,c]
 * Shapes    x (R, C), y (G, C) float32, rows x_ld, y_ld apart, no shared memory between them; groups int32: G + 1 positions in groups itself, then row
 *           numbers; those of group g stand from position groups[g] on, up to groups[g + 1].
 * Launch    block (32, ROWS), grid (ceil(G / ROWS), any), no dynamic shared memory. Warps of gridDim.y blocks share a row of y.
 * Memory    lanes touch neighbouring floats (coalesced); each row is read once for each group it is in. All lanes read the same row number (broadcast).
 * Numerics  float32 sum in the group's order, then one division: a group of one row is a copy, one of 1000 is within 1e-5 of its rows' size.
 * Domain    groups have at least one row, a row may stand in a group twice; any C >= 1.
 * Oracle    ScalarOps.groupMeans
 */
extern "C" __global__ void group_means(float* y, const float* x, const int* groups, int g, int c, int y_ld, int x_ld) {
    const int row = blockIdx.x * blockDim.y + threadIdx.y;
    if (row >= g) return;
    const int begin = groups[row], end = groups[row + 1];
    float* yr = row_of(y, row, y_ld);
    for (int i = blockIdx.y * WARP + threadIdx.x; i < c; i += gridDim.y * WARP) {
        float sum = 0.0f;
        for (int member = begin; member < end; member++) sum += row_of(x, groups[member], x_ld)[i];
        yr[i] = sum / (end - begin);
    }
}

/*
 * clear:  r[c] = 0 for c in columns
 * Shapes    r one row, float32; columns (count) int32.
 * Launch    block (THREADS), grid (ceil(count / THREADS)), no dynamic shared memory. A thread a column.
 * Memory    scattered writes of single floats, as columns says.
 * Numerics  none.
 * Domain    any count >= 1; a column may stand twice.
 * Oracle    ScalarOps.clear
 */
extern "C" __global__ void clear(float* r, const int* columns, int count) {
    const int i = blockIdx.x * blockDim.x + threadIdx.x;
    if (i < count) r[columns[i]] = 0.0f;
}
