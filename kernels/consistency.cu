#include "common.cuh"

/*
 * min_max_rows:  r[i] = (r[i] - min) / (max - min + eps), min and max over the row, in place
 * Shapes    r (rows, n) float32, rows ld apart.
 * Launch    block (32, WARPS), grid (ceil(rows / WARPS)), no dynamic shared memory. One warp owns one row.
 * Memory    read twice, the second time mostly from cache, and written once, coalesced.
 * Numerics  subtractions, one addition and an IEEE division, with no product that could be fused: the oracle's bits, which decide bytes and so boxes later.
 * Domain    any rows, n >= 1. A NaN makes its row NaN, as in the oracle.
 * Oracle    ScalarOps.minMaxRows
 */
extern "C" __global__ void min_max_rows(float* r, float eps, int rows, int n, int ld) {
    const int row = blockIdx.x * blockDim.y + threadIdx.y;
    if (row >= rows) return;                        // the same for the whole warp
    float* values = row_of(r, row, ld);
    float low = INFINITY, high = -INFINITY;
    for (int i = threadIdx.x; i < n; i += WARP) {
        low = min_or_nan(low, values[i]);
        high = max_or_nan(high, values[i]);
    }
    low = warp_min_or_nan(low);
    const float range = warp_max_or_nan(high) - low + eps;
    for (int i = threadIdx.x; i < n; i += WARP) values[i] = (values[i] - low) / range;
}

/*
 * overlap_sums:  sums[s,c,.] = (sum_i p[s, first + c, i] * r[s,c,i], sum_i p[s, first + c, i], sum_i r[s,c,i])
 * Shapes    sums (S, C, 3) float32, rows sums_ld apart; p (S, Q, n), rows p_ld apart; r (S, C, n), rows r_ld apart; rows = S*C.
 * Launch    block (32, WARPS), grid (ceil(S*C / WARPS)), no dynamic shared memory. One warp owns one map.
 * Memory    p and r are read once, coalesced.
 * Numerics  sums by lane, then in the warp's fixed tree.
 * Domain    any S, C, n >= 1, Q >= first + C.
 * Oracle    ScalarOps.overlapSums
 */
extern "C" __global__ void overlap_sums(float* sums, const float* p, const float* r, int rows, int maps, int words, int first, int n,
                                        int sums_ld, int p_ld, int r_ld) {
    const int row = blockIdx.x * blockDim.y + threadIdx.y;
    if (row >= rows) return;
    const float* pr = row_of(p, row / maps * words + first + row % maps, p_ld);
    const float* rr = row_of(r, row, r_ld);
    float both = 0.0f, ps = 0.0f, rs = 0.0f;
    for (int i = threadIdx.x; i < n; i += WARP) {
        both += pr[i] * rr[i];
        ps += pr[i];
        rs += rr[i];
    }
    both = warp_sum(both);
    ps = warp_sum(ps);
    rs = warp_sum(rs);
    if (threadIdx.x > 0) return;
    float* to = row_of(sums, row, sums_ld);
    to[0] = both;
    to[1] = ps;
    to[2] = rs;
}

#define PAIRS 16
#define STEP 32

/*
 * soft_iou:  j[a,b] = s / (A + B - s), s = sum_i of min(u_i, v_i) or u_i * v_i, u and v rows picked[a] and picked[b] of r, A and B their sums
 * Shapes    j (K, K) float32, rows j_ld apart; r (any, n) float32, rows r_ld apart; picked (K) int32.
 * Launch    block (16, 16), grid (ceil(K / 16), ceil(K / 16)), no dynamic shared memory. A block owns 16 x 16 pairs, a thread one.
 * Memory    each row is read ceil(K / 16) times for either side, 32 values of 32 rows at a time through shared memory.
 * Numerics  every thread adds s, A and B in one order, 32 values and then the sums of 32: j is symmetric to the bit, and by minima
 *           a map and itself give exactly 1.
 * Domain    any K, n >= 1; the same row may be picked twice. 0/0 is NaN; a NaN in a row makes its pairs NaN.
 * Oracle    ScalarOps.softIou
 */
extern "C" __global__ void soft_iou(float* j, const float* r, const int* picked, int count, int n, int product, int j_ld, int r_ld) {
    __shared__ float us[PAIRS][STEP + 1], vs[PAIRS][STEP + 1];
    const int a = blockIdx.y * PAIRS + threadIdx.y, b = blockIdx.x * PAIRS + threadIdx.x;
    float shared = 0.0f, a_sum = 0.0f, b_sum = 0.0f;
    for (int from = 0; from < n; from += STEP) {
        const int steps = n - from < STEP ? n - from : STEP;
        for (int i = threadIdx.x; i < steps; i += PAIRS) {
            const int second = blockIdx.x * PAIRS + threadIdx.y;
            if (a < count) us[threadIdx.y][i] = row_of(r, picked[a], r_ld)[from + i];
            if (second < count) vs[threadIdx.y][i] = row_of(r, picked[second], r_ld)[from + i];
        }
        __syncthreads();
        if (a < count && b < count) {
            float s = 0.0f, as = 0.0f, bs = 0.0f;
            for (int i = 0; i < steps; i++) {
                const float u = us[threadIdx.y][i], v = vs[threadIdx.x][i];
                s += product ? u * v : min_or_nan(u, v);
                as += u;
                bs += v;
            }
            shared += s;
            a_sum += as;
            b_sum += bs;
        }
        __syncthreads();                            // the values are free for the next step
    }
    if (a < count && b < count) row_of(j, a, j_ld)[b] = shared / (a_sum + b_sum - shared);
}
