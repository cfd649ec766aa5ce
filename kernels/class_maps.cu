#include "common.cuh"

/* Logits come one row a cell, maps go one row a word: a block turns tiles of TILE cells and TILE words, so that both sides are read and written along rows. */
#define TILE 32
#define TILE_WARPS 8

/*
 * softmax_maps:  p[s,q,i] = exp(z[s*n + i, q] - max over q) / sum over q of the same;  ranges[s,tile,.] = smallest and largest p of the tile's cells
 * Shapes    p (S, Q, n) float32, rows p_ld apart; ranges (S * tiles, 2) dense; z (S*n, Q) float32, rows z_ld apart; tiles = ceil(n / 32).
 * Launch    block (32, 8), grid (S * tiles), no dynamic shared memory. A block owns 32 cells of one window, a warp every eighth of them.
 * Memory    z is read three times, the later two mostly from cache, and p written once, all coalesced; the turn happens in shared memory.
 * Numerics  the largest logit is taken off first, or exp overflows; sums by warp in a fixed tree. ranges are exact: no sum is in them.
 * Domain    any S, Q, n >= 1. A NaN logit makes its cell NaN and the window's range too, as in the oracle.
 * Oracle    ScalarOps.classMaps
 */
extern "C" __global__ void softmax_maps(float* p, float* ranges, const float* z, int words, int cells, int tiles, int p_ld, int z_ld) {
    __shared__ float tile[TILE][TILE + 1];          // one column more: a warp that reads down a column meets every bank once
    __shared__ float tops[TILE], sums[TILE];
    __shared__ float lows[TILE_WARPS], highs[TILE_WARPS];
    const int window = blockIdx.x / tiles, first = blockIdx.x % tiles * TILE;
    const int count = cells - first < TILE ? cells - first : TILE;
    const int lane = threadIdx.x, warp = threadIdx.y;

    for (int i = warp; i < count; i += TILE_WARPS) {
        const float* logits = row_of(z, window * cells + first + i, z_ld);
        float top = -INFINITY, sum = 0.0f;
        for (int q = lane; q < words; q += WARP) top = fmaxf(top, logits[q]);
        top = warp_max(top);
        for (int q = lane; q < words; q += WARP) sum += expf(logits[q] - top);
        sum = warp_sum(sum);
        if (lane == 0) { tops[i] = top; sums[i] = sum; }
    }
    __syncthreads();

    float low = INFINITY, high = -INFINITY;
    for (int from = 0; from < words; from += TILE) {
        for (int i = warp; i < count; i += TILE_WARPS)
            if (from + lane < words) tile[i][lane] = expf(row_of(z, window * cells + first + i, z_ld)[from + lane] - tops[i]) / sums[i];
        __syncthreads();
        for (int q = warp; q < TILE && from + q < words; q += TILE_WARPS) {
            if (lane >= count) continue;
            const float v = tile[lane][q];
            row_of(p, window * words + from + q, p_ld)[first + lane] = v;
            low = min_or_nan(low, v);
            high = max_or_nan(high, v);
        }
        __syncthreads();                            // the tile is free for the next words
    }

    low = warp_min_or_nan(low);
    high = warp_max_or_nan(high);
    if (lane == 0) { lows[warp] = low; highs[warp] = high; }
    __syncthreads();
    if (warp > 0) return;
    low = warp_min_or_nan(lane < TILE_WARPS ? lows[lane] : INFINITY);
    high = warp_max_or_nan(lane < TILE_WARPS ? highs[lane] : -INFINITY);
    if (lane == 0) { ranges[2 * (size_t) blockIdx.x] = low; ranges[2 * (size_t) blockIdx.x + 1] = high; }
}

/*
 * stretch_maps:  y[s,q,i] = (p[s,q,i] - min) / (max - min), min and max over all q and i of window s; 0 where max = min
 * Shapes    y, p (S, Q, n) float32, rows y_ld and p_ld apart; ranges (S * tiles, 2) dense, as softmax_maps leaves them.
 * Launch    block (32, WARPS), grid (ceil(S*Q / WARPS)), no dynamic shared memory. One warp owns one map.
 * Memory    each warp reads its window's ranges (some twenty pairs, from cache), then p once and writes y once, coalesced.
 * Numerics  subtraction and IEEE division only, which no compiler fuses: the same bits as on the CPU for the same p.
 * Domain    any S, Q, n >= 1. A single word has p = 1 everywhere and y = 0 (specification, section 10).
 * Oracle    ScalarOps.classMaps
 */
extern "C" __global__ void stretch_maps(float* y, const float* p, const float* ranges, int rows, int words, int cells, int tiles, int y_ld, int p_ld) {
    const int row = blockIdx.x * blockDim.y + threadIdx.y;
    if (row >= rows) return;                        // the same for the whole warp
    const int lane = threadIdx.x;
    const float* range = ranges + 2 * (size_t) (row / words) * tiles;
    float low = INFINITY, high = -INFINITY;
    for (int i = lane; i < tiles; i += WARP) {
        low = min_or_nan(low, range[2 * i]);
        high = max_or_nan(high, range[2 * i + 1]);
    }
    low = warp_min_or_nan(low);
    high = warp_max_or_nan(high);
    const float* from = row_of(p, row, p_ld);
    float* to = row_of(y, row, y_ld);
    for (int i = lane; i < cells; i += WARP) to[i] = high == low ? 0.0f : (from[i] - low) / (high - low);
}

/*
 * cosine_maps:  y[s,q,i] = max(factor * z[s*n + i, q], 0)
 * Shapes    y (S, Q, n) float32, rows y_ld apart; z (S*n, Q) float32, rows z_ld apart; tiles = ceil(n / 32).
 * Launch    block (32, 8), grid (S * tiles, ceil(Q / 32)), no dynamic shared memory. A block turns 32 cells by 32 words.
 * Memory    read and written once, coalesced; the turn happens in shared memory.
 * Numerics  one product: exact to the oracle's bits.
 * Domain    any S, Q, n >= 1; NaN stays NaN.
 * Oracle    ScalarOps.cosineMaps
 */
extern "C" __global__ void cosine_maps(float* y, const float* z, float factor, int words, int cells, int tiles, int y_ld, int z_ld) {
    __shared__ float tile[TILE][TILE + 1];
    const int window = blockIdx.x / tiles, first = blockIdx.x % tiles * TILE, from = blockIdx.y * TILE;
    const int lane = threadIdx.x, warp = threadIdx.y;
    for (int i = warp; i < TILE && first + i < cells; i += TILE_WARPS) {
        if (from + lane >= words) continue;
        const float v = factor * row_of(z, window * cells + first + i, z_ld)[from + lane];
        tile[i][lane] = v <= 0.0f ? 0.0f : v;       // fmaxf would turn NaN into 0
    }
    __syncthreads();
    for (int q = warp; q < TILE && from + q < words; q += TILE_WARPS)
        if (first + lane < cells) row_of(y, window * words + from + q, y_ld)[first + lane] = tile[lane][q];
}

/*
 * cut_class_token:  y[s,i,j] = factor * map[s, 1 + i, 1 + j]
 * Shapes    y (S, n, n) float32, rows y_ld apart; map (S, n + 1, n + 1) float32, rows map_ld apart.
 * Launch    block (32, WARPS), grid (ceil(S*n / WARPS)), no dynamic shared memory. One warp owns one row of y.
 * Memory    read and written once, coalesced; reads begin one element late, so not on a 128-byte line.
 * Numerics  one product: exact to the oracle's bits.
 * Domain    any S, n >= 1.
 * Oracle    ScalarOps.cutClassToken
 */
extern "C" __global__ void cut_class_token(float* y, const float* map, float factor, int rows, int n, int y_ld, int map_ld) {
    const int row = blockIdx.x * blockDim.y + threadIdx.y;
    if (row >= rows) return;
    const float* from = row_of(map, row / n * (n + 1) + 1 + row % n, map_ld) + 1;
    float* to = row_of(y, row, y_ld);
    for (int j = threadIdx.x; j < n; j += WARP) to[j] = factor * from[j];
}
