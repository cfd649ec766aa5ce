#include "act.cuh"
#include "activation.cuh"

/*
 * bias:  y[n,o] = activation(y[n,o] + bias[o]), activation one of v; v * sigmoid(1.702 v); v * (1 + erf(v / sqrt 2)) / 2
 * Shapes    y (N, O) act, rows y_ld apart, in place; bias (O) float32, or null for none.
 * Launch    block (32, ROWS), grid (ceil(N / ROWS), any), no dynamic shared memory. Warps of gridDim.y blocks share a row.
 * Memory    lanes touch neighbouring values (coalesced); y is read and written once, bias comes from cache.
 * Numerics  float32 between reading and writing, with the accurate expf and erfcf.
 * Domain    any N >= 1, O >= 1; tails go to 0 and v without overflow showing.
 * Oracle    ScalarOps.linear
 */
extern "C" __global__ void bias(act* y, const float* bias, int n, int o, int y_ld, int activation) {
    const int row = blockIdx.x * blockDim.y + threadIdx.y;
    if (row >= n) return;
    act* yr = row_of(y, row, y_ld);
    for (int i = blockIdx.y * WARP + threadIdx.x; i < o; i += gridDim.y * WARP)
        yr[i] = to_act(activate(from_act(yr[i]) + (bias == nullptr ? 0.0f : bias[i]), activation));
}

/*
 * residual:  x[n,o] += y[n,o] + bias[o]
 * Shapes    x (N, O) float32, rows x_ld apart; y (N, O) act, rows y_ld apart; bias (O) float32, or null for none. x and y do not share memory.
 * Launch    block (32, ROWS), grid (ceil(N / ROWS), any), no dynamic shared memory. Warps of gridDim.y blocks share a row.
 * Memory    lanes touch neighbouring values (coalesced); x is read and written once, y read once, bias comes from cache.
 * Numerics  y + bias in float32 first: the branch is small beside the stream it joins.
 * Domain    any N >= 1, O >= 1.
 * Oracle    ScalarOps.linearAdd
 */
extern "C" __global__ void residual(float* x, const act* y, const float* bias, int n, int o, int x_ld, int y_ld) {
    const int row = blockIdx.x * blockDim.y + threadIdx.y;
    if (row >= n) return;
    float* xr = row_of(x, row, x_ld);
    const act* yr = row_of(y, row, y_ld);
    for (int i = blockIdx.y * WARP + threadIdx.x; i < o; i += gridDim.y * WARP) xr[i] += from_act(yr[i]) + (bias == nullptr ? 0.0f : bias[i]);
}
