#include "act.cuh"
#include "tensor_core.cuh"
#include "softmax_tiles.cuh"

/* A block's head, and its sequence. */
__device__ __forceinline__ size_t head_column() { return (size_t) blockIdx.y * HEAD; }
__device__ __forceinline__ size_t sequence_row(int n) { return (size_t) blockIdx.z * n; }

/*
 * fused_attention:  context[s,i,h] = sum over j of p[s,h,i,j] * v[s,j,h], p[s,h,i,j] = softmax over j of scale * q[s,i,h] . k[s,j,h], in powers of 2:
 *                   p = 2^(scale q.k - lse[s,h,i]), lse = log2 of the sum over j of 2^(scale q.k)
 * Shapes    q, k (S*N, H*64) act, rows ld apart; v the same, rows v_ld apart; context (S*N, H*64) act, rows context_ld apart; h is 64 columns of a row.
 *           lse float32, or null: that of head h < lse_heads of sequence s is row s * lse_heads + h of N, rows lse_ld apart. All rows begin at multiples
 *           of 16 bytes. context shares no memory with the others, which may share any among themselves.
 * Launch    block (128), grid (ceil(N / 128), H, S), no dynamic shared memory. A block owns 128 queries of a head, a warp 32 of them.
 * Memory    48 KB of shared memory: the queries, and two tiles of 64 keys and values each, of which one arrives (cp.async) while the other is used.
 *           A block reads all keys and values of its head, ceil(N / 128) times in all, from second-level cache; context is written once. Scores stay
 *           in registers.
 * Numerics  products of act exact, sums float32; the largest score so far is subtracted, sums are shrunk when it grows. p over its largest is rounded to
 *           act before it meets v, its sum is of the unrounded. 2^x is good to two units in the last place.
 * Domain    any N, H >= 1, S >= 1 as far as a grid goes in z; scale >= 0. causal: keys j > i get 0.
 * Oracle    ScalarOps.attention
 */
extern "C" __global__ void __launch_bounds__(THREADS, 2) fused_attention(act* context, float* lse, const act* q, const act* k, const act* v, int n,
                                                                         int context_ld, int ld, int v_ld, int lse_ld, int lse_heads, float scale, int causal) {
    __shared__ __align__(16) Tiles<2> tiles;
    const size_t start = sequence_row(n) * ld + head_column();
    const Look look = {q + start, k + start, v + sequence_row(n) * v_ld + head_column(), n, ld, v_ld, causal, scale};
    Softmax<2> softmax;
    softmax.see_all(tiles, look);
    if (softmax.first_row() >= n) return;
    #pragma unroll
    for (int band = 0; band < 2; band++) {
        #pragma unroll
        for (int half = 0; half < 2; half++) {
            const float total = row_sum(softmax.total[band][half]), part = 1.0f / total;
            #pragma unroll
            for (int i = 0; i < 2 * CHUNKS; i++) softmax.sums[band][i / 2][2 * half + i % 2] *= part;
            const int row = softmax.row(band, half);
            if (lse != nullptr && (int) blockIdx.y < lse_heads && threadIdx.x % 4 == 0 && row < n)
                lse[((size_t) blockIdx.z * lse_heads + blockIdx.y) * lse_ld + row] = softmax.largest[band][half] + log2f(total);
        }
    }
    store_rows<2>(context + sequence_row(n) * context_ld + head_column(), tiles.own_queries(), softmax.sums, softmax.first_row(), n, context_ld);
}

/*
 * attention_sum:  context[s,i,h] = factor * sum over parts of sum over j of p[part,s,h,i,j] * v[s,j,h],
 *                 p = softmax over j of scale * temperature[s] * x[part,s,i,h] . x[part,s,j,h], in powers of two as in fused_attention
 * Shapes    x act: that of a part (S*N, H*64), part_step columns behind the part before it, rows ld apart; v (S*N, H*64) act, rows v_ld apart;
 *           context (S*N, H*64) act, rows context_ld apart; h is 64 columns of a row; temperature (S) float32, or null for 1. All rows begin at multiples
 *           of 16 bytes. context shares no memory with the others.
 * Launch    block (128), grid (ceil(N / 64), H, S), no dynamic shared memory. A block owns 64 queries of a head, a warp 16 of them: the sum over the parts
 *           wants as many registers as the part at work.
 * Memory    40 KB of shared memory, as in fused_attention; a block reads all of x and v of its head for each part.
 * Numerics  as in fused_attention; parts are summed in order in float32.
 * Domain    any N, H, parts >= 1, S >= 1 as far as a grid goes in z; scale * temperature >= 0.
 * Oracle    ScalarOps.attention, ScalarOps.selfSelfAttention
 */
extern "C" __global__ void __launch_bounds__(THREADS, 3) attention_sum(act* context, const act* x, const act* v, const float* temperature, int n, int parts,
                                                                       int part_step, int context_ld, int ld, int v_ld, float scale, float factor) {
    __shared__ __align__(16) Tiles<1> tiles;
    typedef Softmax<1> Rows;
    x += sequence_row(n) * ld + head_column();
    v += sequence_row(n) * v_ld + head_column();
    if (temperature != nullptr) scale *= temperature[blockIdx.z];
    float sums[1][CHUNKS][4] = {};
    for (int part = 0; part < parts; part++) {
        const act* own = x + (size_t) part * part_step;
        if (part > 0) __syncthreads();        // the last tiles of the part before are still being read
        Rows softmax;
        softmax.see_all(tiles, {own, own, v, n, ld, v_ld, 0, scale});
        if (Rows::first_row() >= n) continue;
        #pragma unroll
        for (int half = 0; half < 2; half++) {
            const float share = factor / row_sum(softmax.total[0][half]);
            #pragma unroll
            for (int i = 0; i < 2 * CHUNKS; i++) sums[0][i / 2][2 * half + i % 2] += share * softmax.sums[0][i / 2][2 * half + i % 2];
        }
    }
    if (Rows::first_row() >= n) return;
    store_rows<1>(context + sequence_row(n) * context_ld + head_column(), tiles.own_queries(), sums, Rows::first_row(), n, context_ld);
}

/*
 * attention_unit:  y[s,i,h] = m[s,i,h] / max(|m[s,i,h]|, 1e-12), m[s,i,h] = sum over j of p[s,h,i,j] * x[s,j,h],
 *                  p = softmax over j of scale * temperature[s] * x[s,i,h] . x[s,j,h], in powers of two as in fused_attention
 * Shapes    x, y (S*N, H*64) act, rows ld and y_ld apart, which begin at multiples of 16 bytes; h is 64 columns of a row; temperature (S) float32.
 *           y shares no memory with the others.
 * Launch    block (128), grid (ceil(N / 128), H, S), no dynamic shared memory. A block owns 128 rows of a head, a warp 32 of them.
 * Memory    48 KB of shared memory, as in fused_attention; x is copied twice, as keys and as values.
 * Numerics  as in fused_attention; m is rounded once, after its norm is out. The floor keeps a row of zeros zero.
 * Domain    any N, H >= 1, S >= 1 as far as a grid goes in z; scale * temperature >= 0.
 * Oracle    ScalarOps.selfSelfAttention
 */
extern "C" __global__ void __launch_bounds__(THREADS, 2) attention_unit(act* y, const act* x, const float* temperature, int n, int y_ld, int ld,
                                                                        float scale) {
    __shared__ __align__(16) Tiles<2> tiles;
    x += sequence_row(n) * ld + head_column();
    Softmax<2> softmax;
    softmax.see_all(tiles, {x, x, x, n, ld, ld, 0, scale * temperature[blockIdx.z]});
    if (softmax.first_row() >= n) return;
    #pragma unroll
    for (int band = 0; band < 2; band++) {
        #pragma unroll
        for (int half = 0; half < 2; half++) {
            const float part = 1.0f / row_sum(softmax.total[band][half]);
            float squares = 0.0f;
            #pragma unroll
            for (int i = 0; i < 2 * CHUNKS; i++) {
                float& mean = softmax.sums[band][i / 2][2 * half + i % 2];
                mean *= part;
                squares += mean * mean;
            }
            const float norm = fmaxf(sqrtf(row_sum(squares)), 1e-12f);
            #pragma unroll
            for (int i = 0; i < 2 * CHUNKS; i++) softmax.sums[band][i / 2][2 * half + i % 2] /= norm;
        }
    }
    store_rows<2>(y + sequence_row(n) * y_ld + head_column(), tiles.own_queries(), softmax.sums, softmax.first_row(), n, y_ld);
}

/*
 * attention_map:  map[s,i,j] += weight * sum over h of 2^(scale * q[s,i,h] . k[s,j,h] - lse[s,h,i])
 * Shapes    map (S, N, N) float32, rows map_ld apart; q, k (S*N, at least H*64) act, rows ld apart and beginning at multiples of 16 bytes; lse float32
 *           as fused_attention left it: row s * H + h of N, rows lse_ld apart.
 * Launch    block (128), grid (ceil(N / 128), ceil(N / 64), S), no dynamic shared memory. A block owns 128 queries x 64 keys of a map, a warp 32 x 64,
 *           for all heads.
 * Memory    48 KB of shared memory: the tiles of two heads, of which one arrives (cp.async) while the other is used. q is read ceil(N / 64) times,
 *           k ceil(N / 128) times, from second-level cache. A map is read and written once; the N x N x H probabilities exist in registers only, at the
 *           price of the 2 * 64 N^2 H S operations of a second q k^T.
 * Numerics  scores are the same bits as in fused_attention; heads are summed in order in float32, and added to the map in one go.
 * Domain    any N, H >= 1, S >= 1 as far as a grid goes in z.
 * Oracle    ScalarOps.attention
 */
extern "C" __global__ void __launch_bounds__(THREADS, 3) attention_map(float* map, const float* lse, const act* q, const act* k, int n, int heads, int map_ld,
                                                                       int lse_ld, int ld, float scale, float weight) {
    __shared__ __align__(16) act queries[2][2 * KEYS * HEAD];
    __shared__ __align__(16) act keys[2][KEYS * HEAD];
    typedef Softmax<2> Rows;
    const int first_query = blockIdx.x * 2 * KEYS, first_key = blockIdx.y * KEYS, own = threadIdx.x / WARP * 32 * HEAD, pair = threadIdx.x % 4 * 2;
    q += sequence_row(n) * ld;
    k += sequence_row(n) * ld;
    float sums[2][KEYS / 8][4] = {};
    load_rows<2 * KEYS>(queries[0], q, first_query, n, ld);
    load_rows<KEYS>(keys[0], k, first_key, n, ld);
    copy_commit();
    for (int head = 0; head < heads; head++) {
        const int here = head % 2;
        copy_wait<0>();
        __syncthreads();                      // all threads' copies have landed, and nobody reads the tiles that come next
        if (head + 1 < heads) {
            load_rows<2 * KEYS>(queries[1 - here], q + (head + 1) * HEAD, first_query, n, ld);
            load_rows<KEYS>(keys[1 - here], k + (head + 1) * HEAD, first_key, n, ld);
            copy_commit();
        }
        if (Rows::first_row() >= n) continue;
        const float* ends = lse + ((size_t) blockIdx.z * heads + head) * lse_ld;
        uint32_t fragments[2][DEPTHS][4];
        load_fragments<2>(fragments, queries[here] + own);
        #pragma unroll
        for (int at = 0; at < KEYS; at += 2 * STEP) {        // all 64 keys at once would want more registers than three blocks have
            if (first_key + at >= n) break;
            float scores[2][4][4];
            multiply_keys<2, 2>(scores, fragments, keys[here] + at * HEAD);
            #pragma unroll
            for (int band = 0; band < 2; band++) {
                #pragma unroll
                for (int half = 0; half < 2; half++) {
                    const float end = ends[min(Rows::row(band, half), n - 1)];
                    #pragma unroll
                    for (int i = 0; i < 8; i++)
                        sums[band][at / 8 + i / 2][2 * half + i % 2] += power_of_two(fmaf(scores[band][i / 2][2 * half + i % 2], scale, -end));
                }
            }
        }
    }
    #pragma unroll
    for (int band = 0; band < 2; band++) {
        #pragma unroll
        for (int half = 0; half < 2; half++) {
            const int row = Rows::row(band, half);
            if (row >= n) continue;
            float* m = map + (sequence_row(n) + row) * map_ld + first_key + pair;
            #pragma unroll
            for (int i = 0; i < 2 * CHUNKS; i++)
                if (first_key + pair + i / 2 * 8 + i % 2 < n) m[i / 2 * 8 + i % 2] += weight * sums[band][i / 2][2 * half + i % 2];
        }
    }
}
