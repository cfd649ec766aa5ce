#include "act.cuh"

/*
 * attention_softmax:  p[s,h,i,j] = factor * sum over parts of softmax over j of temperature * scores[s,part,h,i,j], and
 *                     map[s,i,j] += weight * sum over h < map_heads of p[s,h,i,j]
 * Shapes    scores (S, parts, H, N, N) float32, rows ld apart. p takes their place: row (s, h, i) is N act at the start of row (s, 0, h, i) of the scores.
 *           temperature one float32, or null for 1; map (S, N, N) float32, rows map_ld apart, or null.
 * Launch    block (32, WARPS), grid (S * N), dynamic shared memory WARPS * N floats, and N more with a map. A block owns one query i of a sequence and goes
 *           through its heads WARPS at a time; a warp owns a head's row. WARPS does not show in the bits.
 * Memory    lanes touch neighbouring values (coalesced). Scores are read three times, twice from cache; p is gathered in shared memory, so that a row
 *           is written over its own scores once the last of them has been read.
 * Numerics  the largest score is subtracted first; a lane sums every 32nd, then a tree over the lanes. The map's heads are summed in order in float32.
 * Domain    any N >= 1 whose rows fit into shared memory, H >= 1, parts >= 1. causal: keys j > i get 0 and their scores are not read.
 * Oracle    ScalarOps.attention
 */
extern "C" __global__ void attention_softmax(float* scores, float* map, const float* temperature, int n, int heads, int parts, int ld, int map_ld,
                                             float factor, float weight, int map_heads, int causal) {
    DYNAMIC_SHARED(float, rows);
    float* const kept = rows + (size_t) blockDim.y * n;                      // head sum of the map's row
    const int query = blockIdx.x % n, lane = threadIdx.x;
    const size_t sequence = blockIdx.x / n;
    const int keys = causal ? query + 1 : n;
    const float scale = temperature == nullptr ? 1.0f : *temperature;
    for (int first = 0; first < heads; first += blockDim.y) {
        const int head = first + threadIdx.y;                                // the same for the whole warp
        if (head < heads) {
            float* const p = rows + (size_t) threadIdx.y * n;
            for (int j = lane; j < n; j += WARP) p[j] = 0.0f;
            for (int part = 0; part < parts; part++) {
                const float* s = scores + (((sequence * parts + part) * heads + head) * n + query) * ld;
                float largest = -INFINITY;
                for (int j = lane; j < keys; j += WARP) largest = fmaxf(largest, scale * s[j]);
                largest = warp_max(largest);
                float sum = 0.0f;
                for (int j = lane; j < keys; j += WARP) sum += expf(scale * s[j] - largest);
                sum = warp_sum(sum);
                for (int j = lane; j < keys; j += WARP) p[j] += factor * (expf(scale * s[j] - largest) / sum);
            }
            __syncwarp();                                                    // an act is half a score: another lane's score lies where this lane writes
            act* y = (act*) (scores + ((sequence * parts * heads + head) * n + query) * ld);
            for (int j = lane; j < n; j += WARP) y[j] = to_act(p[j]);
        }
        if (map == nullptr) continue;
        __syncthreads();
        for (int j = threadIdx.y * WARP + lane; j < n; j += blockDim.y * WARP) {
            float sum = first == 0 ? 0.0f : kept[j];
            for (int h = first; h < min(first + (int) blockDim.y, map_heads); h++) sum += rows[(size_t) (h - first) * n + j];
            kept[j] = sum;
        }
        __syncthreads();                                                     // the next heads take the rows
    }
    if (map == nullptr) return;
    float* m = map + (size_t) blockIdx.x * map_ld;
    for (int j = threadIdx.y * WARP + lane; j < n; j += blockDim.y * WARP) m[j] += weight * kept[j];
}

/*
 * unit_heads:  y[n, h*D + i] = x[n, h*D + i] / max(sqrt(sum over i of x[n, h*D + i]^2), 1e-12)
 * Shapes    x, y (N, H*D) act, rows x_ld and y_ld apart. x == y is allowed.
 * Launch    block (32, ROWS), grid (ceil(N * H / ROWS)), no dynamic shared memory. One warp owns one row of one head.
 * Memory    lanes touch neighbouring values (coalesced); each is read twice, the second time from cache.
 * Numerics  float32; a lane sums every 32nd square, then a tree over the lanes. The floor keeps a row of zeros zero.
 * Domain    any N, H, D >= 1.
 * Oracle    ScalarOps.selfSelfAttention
 */
extern "C" __global__ void unit_heads(act* y, const act* x, int n, int heads, int d, int y_ld, int x_ld) {
    const int task = blockIdx.x * blockDim.y + threadIdx.y;
    if (task >= n * heads) return;            // the same for the whole warp: no lane is left behind
    const act* xr = row_of(x, task / heads, x_ld) + task % heads * d;
    act* yr = row_of(y, task / heads, y_ld) + task % heads * d;
    float squares = 0.0f;
    for (int i = threadIdx.x; i < d; i += WARP) squares += from_act(xr[i]) * from_act(xr[i]);
    const float norm = fmaxf(sqrtf(warp_sum(squares)), 1e-12f);
    for (int i = threadIdx.x; i < d; i += WARP) yr[i] = to_act(from_act(xr[i]) / norm);
}

/*
 * attention_identity:  context[n,c] = v[n,c]
 * Shapes    context, v (N, C) act, rows context_ld and v_ld apart. They do not share memory.
 * Launch    block (32, ROWS), grid (ceil(N / ROWS), any), no dynamic shared memory. Warps of gridDim.y blocks share a row.
 * Memory    lanes touch neighbouring values (coalesced); read once, written once.
 * Numerics  a copy: the same bits.
 * Domain    any N >= 1, C >= 1.
 * Oracle    ScalarOps.attention
 */
extern "C" __global__ void attention_identity(act* context, const act* v, int n, int c, int context_ld, int v_ld) {
    const int row = blockIdx.x * blockDim.y + threadIdx.y;
    if (row >= n) return;
    act* y = row_of(context, row, context_ld);
    const act* x = row_of(v, row, v_ld);
    for (int i = blockIdx.y * WARP + threadIdx.x; i < c; i += gridDim.y * WARP) y[i] = x[i];
}
