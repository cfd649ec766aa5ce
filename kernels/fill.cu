#include "act.cuh"

/*
 * fill:  y[n,c] = value
 * Shapes    y (N, C) act, rows y_ld apart; what lies between rows stays as it is.
 * Launch    block (32, ROWS), grid (ceil(N / ROWS), any), no dynamic shared memory. Warps of gridDim.y blocks share a row.
 * Memory    lanes touch neighbouring values (coalesced); y is written once.
 * Numerics  value rounded to act.
 * Domain    any N >= 1, C >= 1.
 * Oracle    ScalarOps.fill
 */
extern "C" __global__ void fill(act* y, int n, int c, int y_ld, float value) {
    const int row = blockIdx.x * blockDim.y + threadIdx.y;
    if (row >= n) return;
    act* yr = row_of(y, row, y_ld);
    for (int i = blockIdx.y * WARP + threadIdx.x; i < c; i += gridDim.y * WARP) yr[i] = to_act(value);
}
