#include "act.cuh"

/*
 * layer_norm:  y[n,c] = gamma[c] * (x[n,c] - mean[n]) / sqrt(var[n] + eps) + beta[c]
 * Shapes    x (N, C) float32, rows x_ld apart; y (N, C) act, rows y_ld apart; gamma, beta (C) float32. x == y is allowed where act is float32.
 * Launch    block (32, ROWS), grid (ceil(N / ROWS)), no dynamic shared memory. One warp owns one row.
 * Memory    lanes touch neighbouring floats (coalesced); each row is read three times, the later two mostly from cache.
 * Numerics  two-pass variance: E[x^2] - E[x]^2 in float32 turns negative once the mean dwarfs the deviation. There the mean itself is rounded by more than
 *           y may be wrong: that error is the mean of what is left after subtracting it, and is taken off mean and variance.
 * Domain    any N >= 1, C >= 1; C need not be a multiple of 32.
 * Oracle    ScalarOps.layerNorm
 */
extern "C" __global__ void layer_norm(act* y, const float* x, const float* gamma, const float* beta,
                                      int n, int c, int y_ld, int x_ld, float eps) {
    const int row = blockIdx.x * blockDim.y + threadIdx.y;
    if (row >= n) return;                     // row is the same for the whole warp: no lane is left behind
    const int lane = threadIdx.x;
    const float* xr = row_of(x, row, x_ld);
    act* yr = row_of(y, row, y_ld);
    float sum = 0.0f;
    for (int i = lane; i < c; i += WARP) sum += xr[i];
    const float mean = warp_sum(sum) / c;     // every lane holds the total
    float left = 0.0f, squares = 0.0f;
    for (int i = lane; i < c; i += WARP) { const float d = xr[i] - mean; left += d; squares += d * d; }
    const float error = warp_sum(left) / c;
    const float scale = rsqrtf(warp_sum(squares) / c - error * error + eps);
    for (int i = lane; i < c; i += WARP) yr[i] = to_act(gamma[i] * ((xr[i] - mean - error) * scale) + beta[i]);
}
