#include "act.cuh"

/*
 * take_tokens:  y[s*count + i] = x[s*T + first + i]
 * Shapes    x (S*T, C), y (n, C) with n = S*count, both act; rows x_ld, y_ld apart. They do not share memory.
 * Launch    block (32, ROWS), grid (ceil(n / ROWS), any), no dynamic shared memory. Warps of gridDim.y blocks share a row.
 * Memory    lanes touch neighbouring values (coalesced); what is taken is read once, written once.
 * Numerics  a copy: the same bits.
 * Domain    count >= 1, first + count <= T, any C >= 1.
 * Oracle    ScalarOps.takeTokens
 */
extern "C" __global__ void take_tokens(act* y, const act* x, int n, int tokens, int first, int count, int c, int y_ld, int x_ld) {
    const int row = blockIdx.x * blockDim.y + threadIdx.y;
    if (row >= n) return;
    const act* xr = row_of(x, row / count * tokens + first + row % count, x_ld);
    act* yr = row_of(y, row, y_ld);
    for (int i = blockIdx.y * WARP + threadIdx.x; i < c; i += gridDim.y * WARP) yr[i] = xr[i];
}

/*
 * row_norms:  norms[n] = sqrt(sum over c of x[n,c]^2)
 * Shapes    x (N, C) act, rows x_ld apart; norms (N) float32.
 * Launch    block (32, ROWS), grid (ceil(N / ROWS)), no dynamic shared memory. One warp owns one row.
 * Memory    lanes touch neighbouring values (coalesced); x is read once.
 * Numerics  each lane sums every 32nd square in float32, then a tree over the lanes.
 * Domain    any N >= 1, C >= 1; sums of squares below float32's largest number.
 * Oracle    ScalarOps.meanNorm
 */
extern "C" __global__ void row_norms(float* norms, const act* x, int n, int c, int x_ld) {
    const int row = blockIdx.x * blockDim.y + threadIdx.y;
    if (row >= n) return;                     // row is the same for the whole warp: no lane is left behind
    const act* xr = row_of(x, row, x_ld);
    float squares = 0.0f;
    for (int i = threadIdx.x; i < c; i += WARP) { const float v = from_act(xr[i]); squares += v * v; }
    squares = warp_sum(squares);
    if (threadIdx.x == 0) norms[row] = sqrtf(squares);
}

/*
 * mean_norm:  tau[s] = factor / T * sum over t of norms[s*T + t]
 * Shapes    norms (S*T) of row_norms, tau (S), both float32.
 * Launch    block (32, ROWS), grid (ceil(S / ROWS)), no dynamic shared memory. One warp owns one sequence, so that others do not change its bits.
 * Memory    lanes touch neighbouring floats (coalesced); norms is read once.
 * Numerics  each lane sums every 32nd norm in float32, then a tree over the lanes.
 * Domain    any S >= 1, T >= 1.
 * Oracle    ScalarOps.meanNorm
 */
extern "C" __global__ void mean_norm(float* tau, const float* norms, int sequences, int tokens, float factor) {
    const int s = blockIdx.x * blockDim.y + threadIdx.y;
    if (s >= sequences) return;               // s is the same for the whole warp
    const float* of_s = row_of(norms, s, tokens);
    float sum = 0.0f;
    for (int t = threadIdx.x; t < tokens; t += WARP) sum += of_s[t];
    sum = warp_sum(sum);
    if (threadIdx.x == 0) tau[s] = factor * sum / tokens;
}
