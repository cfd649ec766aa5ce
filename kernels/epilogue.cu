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
