#include "act.cuh"
#include "tensor_core.cuh"

/* Width of a head: a row is 128 bytes, all 32 banks of shared memory once. */
#define HEAD 64
/* Elements and number of the pieces of a row that ldmatrix and the copies take at once. */
#define CHUNK 8
#define CHUNKS (HEAD / CHUNK)
/* Products of 16 columns that go over a head. */
#define DEPTHS (HEAD / 16)
/* Keys that lie in shared memory at a time, and those of one product. */
#define KEYS 64
#define STEP 16
#define WARPS 4
#define THREADS 128

/* Two numbers in one register, the first in its lower half. */
__device__ __forceinline__ uint32_t pack(float low, float high) {
#if defined(ACT_F16)
    const __half2 both = __floats2half2_rn(low, high);
#else
    const __nv_bfloat162 both = __floats2bfloat162_rn(low, high);
#endif
    uint32_t bits;
    memcpy(&bits, &both, sizeof bits);
    return bits;
}

/* 2^x by the card's own instruction: within two units in the last place, 0 below 2^-126. exp2f wraps three more around it for the sake of smaller results. */
__device__ __forceinline__ float power_of_two(float x) {
#ifdef CUDA_EMU
    return exp2f(x);
#else
    float y;
    asm("ex2.approx.ftz.f32 %0, %1;" : "=f"(y) : "f"(x));
    return y;
#endif
}

/* The four lanes that hold a row of a fragment: its sum, its largest. */
__device__ __forceinline__ float row_sum(float v) {
    v += __shfl_xor_sync(ALL_LANES, v, 1);
    return v + __shfl_xor_sync(ALL_LANES, v, 2);
}
__device__ __forceinline__ float row_max(float v) {
    v = fmaxf(v, __shfl_xor_sync(ALL_LANES, v, 1));
    return fmaxf(v, __shfl_xor_sync(ALL_LANES, v, 2));
}

/* A chunk of a row in shared memory. Chunks change places from row to row, so that one chunk of eight rows following each other touches every bank once. */
__device__ __forceinline__ act* chunk_of(act* tile, int row, int chunk) {
    return tile + row * HEAD + (chunk ^ row % CHUNKS) * CHUNK;
}

/* Starts to copy ROWS rows of a head from row `first` on; those from n on become zero: 0 * NaN would not. */
template <int ROWS>
__device__ __forceinline__ void load_rows(act* tile, const act* head, int first, int n, int ld) {
    const int chunk = threadIdx.x % CHUNKS;
    #pragma unroll 4                              // more would keep more addresses than there are registers
    for (int i = 0; i < ROWS; i += THREADS / CHUNKS) {
        const int row = i + threadIdx.x / CHUNKS, from = first + row;
        copy_chunk(chunk_of(tile, row, chunk), row_of(head, min(from, n - 1), ld) + chunk * CHUNK, from < n ? CHUNK_BYTES : 0);
    }
}

/* Fragments of 16 BANDS rows of queries, as the left factor. */
template <int BANDS>
__device__ __forceinline__ void load_fragments(uint32_t (*fragments)[DEPTHS][4], act* rows) {
    const int lane = threadIdx.x % WARP;
    #pragma unroll
    for (int band = 0; band < BANDS; band++) {
        #pragma unroll
        for (int depth = 0; depth < DEPTHS; depth++) ldmatrix_x4(fragments[band][depth], chunk_of(rows, 16 * band + lane % 16, 2 * depth + lane / 16));
    }
}

/* scores = queries keys^T, for STEPS times 16 keys. */
template <int BANDS, int STEPS>
__device__ __forceinline__ void multiply_keys(float (*scores)[2 * STEPS][4], const uint32_t (*queries)[DEPTHS][4], act* keys) {
    const int lane = threadIdx.x % WARP, row = lane / 16 * 8 + lane % 8, half = lane / 8 % 2;
    #pragma unroll
    for (int band = 0; band < BANDS; band++) {
        #pragma unroll
        for (int i = 0; i < 2 * STEPS * 4; i++) scores[band][i / 4][i % 4] = 0.0f;
    }
    #pragma unroll
    for (int depth = 0; depth < DEPTHS; depth++) {
        #pragma unroll
        for (int step = 0; step < STEPS; step++) {
            uint32_t b[4];
            ldmatrix_x4(b, chunk_of(keys, STEP * step + row, 2 * depth + half));
            #pragma unroll
            for (int band = 0; band < BANDS; band++) {
                mma_m16n8k16<act>(scores[band][2 * step], queries[band][depth], b);
                mma_m16n8k16<act>(scores[band][2 * step + 1], queries[band][depth], b + 2);
            }
        }
    }
}

/* sums += p values, for STEPS times 16 keys: where a product leaves its result, the next one wants its left factor, so p needs no detour. */
template <int BANDS, int STEPS>
__device__ __forceinline__ void add_values(float (*sums)[CHUNKS][4], const float (*p)[2 * STEPS][4], act* values) {
    const int lane = threadIdx.x % WARP;
    #pragma unroll
    for (int step = 0; step < STEPS; step++) {
        uint32_t a[BANDS][4];
        #pragma unroll
        for (int band = 0; band < BANDS; band++) {
            #pragma unroll
            for (int i = 0; i < 4; i++) a[band][i] = pack(p[band][2 * step + i / 2][i % 2 * 2], p[band][2 * step + i / 2][i % 2 * 2 + 1]);
        }
        #pragma unroll
        for (int pair = 0; pair < CHUNKS; pair += 2) {
            uint32_t b[4];
            ldmatrix_x4_trans(b, chunk_of(values, STEP * step + lane % 16, pair + lane / 16));
            #pragma unroll
            for (int band = 0; band < BANDS; band++) {
                mma_m16n8k16<act>(sums[band][pair], a[band], b);
                mma_m16n8k16<act>(sums[band][pair + 1], a[band], b + 2);
            }
        }
    }
}

/* Shared memory of a block: 16 BANDS query rows for each warp, and two tiles each of keys and values, one being read while the other arrives. */
template <int BANDS>
struct Tiles {
    act queries[WARPS * 16 * BANDS * HEAD];
    act keys[2][KEYS * HEAD];
    act values[2][KEYS * HEAD];

    __device__ __forceinline__ act* own_queries() { return queries + threadIdx.x / WARP * 16 * BANDS * HEAD; }
};

/* What a block's sequence looks at, one head of it. */
struct Look {
    const act* q;
    const act* k;
    const act* v;
    int n, ld, v_ld;
    int causal;
    float scale;         /* of the scores, in powers of two */
};

/* A softmax on its way over the keys, for a warp's 16 BANDS query rows. A lane holds rows group and group + 8 of a band, group = lane / 4. */
template <int BANDS>
struct Softmax {
    uint32_t queries[BANDS][DEPTHS][4];
    float sums[BANDS][CHUNKS][4];        /* values, each times 2^(score - largest) */
    float largest[BANDS][2];             /* score so far */
    float total[BANDS][2];               /* of 2^(score - largest), over this lane's keys */

    __device__ __forceinline__ static int first_row() { return (blockIdx.x * WARPS + threadIdx.x / WARP) * 16 * BANDS; }
    __device__ __forceinline__ static int row(int band, int half) { return first_row() + 16 * band + 8 * half + threadIdx.x % WARP / 4; }

    __device__ __forceinline__ void start(act* rows) {
        load_fragments<BANDS>(queries, rows);
        #pragma unroll
        for (int band = 0; band < BANDS; band++) {
            largest[band][0] = largest[band][1] = -INFINITY;
            total[band][0] = total[band][1] = 0.0f;
            #pragma unroll
            for (int i = 0; i < CHUNKS * 4; i++) sums[band][i / 4][i % 4] = 0.0f;
        }
    }

    /* Goes over STEPS times 16 keys from key `first` on, which lie in shared memory. MASKED: some rows do not see all of them. */
    template <int STEPS, bool MASKED>
    __device__ __forceinline__ void see(act* keys, act* values, int first, const Look& look) {
        float p[BANDS][2 * STEPS][4];
        multiply_keys<BANDS, STEPS>(p, queries, keys);
        #pragma unroll
        for (int band = 0; band < BANDS; band++) {
            #pragma unroll
            for (int half = 0; half < 2; half++) {
                const int limit = look.causal ? min(row(band, half) + 1, look.n) : look.n, key = first + threadIdx.x % 4 * 2;
                float peak = -INFINITY;
                #pragma unroll
                for (int i = 0; i < 4 * STEPS; i++)
                    if (!MASKED || key + i / 2 * 8 + i % 2 < limit) peak = fmaxf(peak, p[band][i / 2][2 * half + i % 2]);
                const float before = largest[band][half], now = fmaxf(before, row_max(peak) * look.scale), shrink = power_of_two(before - now);
                largest[band][half] = now;
                total[band][half] *= shrink;
                #pragma unroll
                for (int i = 0; i < 2 * CHUNKS; i++) sums[band][i / 2][2 * half + i % 2] *= shrink;
                #pragma unroll
                for (int i = 0; i < 4 * STEPS; i++) {
                    float& score = p[band][i / 2][2 * half + i % 2];
                    score = MASKED && key + i / 2 * 8 + i % 2 >= limit ? 0.0f : power_of_two(fmaf(score, look.scale, -now));
                    total[band][half] += score;
                }
            }
        }
        add_values<BANDS, STEPS>(sums, p, values);
    }

    /* Goes over all keys. The block's threads do this together, those too whose rows do not exist. */
    __device__ __forceinline__ void see_all(Tiles<BANDS>& tiles, const Look& look) {
        const int block_first = blockIdx.x * WARPS * 16 * BANDS, warp_first = first_row();
        const int block_end = look.causal ? min(look.n, block_first + WARPS * 16 * BANDS) : look.n;      // of keys that some row of the block sees
        const int warp_end = look.causal ? min(look.n, warp_first + 16 * BANDS) : look.n;
        const int whole = look.causal ? min(look.n, warp_first + 1) : look.n;                            // keys below are seen by every row of the warp
        load_rows<WARPS * 16 * BANDS>(tiles.queries, look.q, block_first, look.n, look.ld);
        load_rows<KEYS>(tiles.keys[0], look.k, 0, look.n, look.ld);
        load_rows<KEYS>(tiles.values[0], look.v, 0, look.n, look.v_ld);
        copy_commit();
        for (int first = 0; first < block_end; first += KEYS) {
            const int here = first / KEYS % 2;
            copy_wait<0>();
            __syncthreads();                  // all threads' copies have landed, and nobody reads the tiles that come next
            if (first + KEYS < block_end) {
                load_rows<KEYS>(tiles.keys[1 - here], look.k, first + KEYS, look.n, look.ld);
                load_rows<KEYS>(tiles.values[1 - here], look.v, first + KEYS, look.n, look.v_ld);
                copy_commit();
            }
            if (warp_first >= look.n) continue;
            if (first == 0) start(tiles.own_queries());
            if (first + KEYS <= whole) see<KEYS / STEP, false>(tiles.keys[here], tiles.values[here], first, look);
            else for (int at = 0; at < KEYS && first + at < warp_end; at += STEP)    // in steps: of 577 keys one is left over
                see<1, true>(tiles.keys[here] + at * HEAD, tiles.values[here] + at * HEAD, first + at, look);
        }
    }
};

/* context rows = rows, out of the registers by way of shared memory that only this warp uses: whole rows are written at once. */
template <int BANDS>
__device__ __forceinline__ void store_rows(act* context, act* own, const float (*rows)[CHUNKS][4], int first, int n, int ld) {
    const int lane = threadIdx.x % WARP;
    #pragma unroll
    for (int i = 0; i < BANDS * CHUNKS * 2; i++) {
        const int band = i / 2 / CHUNKS, chunk = i / 2 % CHUNKS, half = i % 2;
        *reinterpret_cast<uint32_t*>(chunk_of(own, 16 * band + 8 * half + lane / 4, chunk) + lane % 4 * 2) = pack(rows[band][chunk][2 * half], rows[band][chunk][2 * half + 1]);
    }
    __syncwarp();
    #pragma unroll
    for (int i = 0; i < 16 * BANDS; i += WARP / CHUNKS) {
        const int row = i + lane / CHUNKS, chunk = lane % CHUNKS;
        if (first + row < n) *reinterpret_cast<uint4*>(row_of(context, first + row, ld) + chunk * CHUNK) = *reinterpret_cast<uint4*>(chunk_of(own, row, chunk));
    }
}

/* A block's head, and its sequence. */
__device__ __forceinline__ size_t head_column() { return (size_t) blockIdx.y * HEAD; }
__device__ __forceinline__ size_t sequence_row(int n) { return (size_t) blockIdx.z * n; }

/*
 * fused_attention:  context[s,i,h] = sum over j of p[s,h,i,j] * v[s,j,h],  p[s,h,i,j] = softmax over j of scale * q[s,i,h] . k[s,j,h], in powers of two:
 *                   p = 2^(scale q.k - lse[s,h,i]), lse = log2 of the sum over j of 2^(scale q.k)
 * Shapes    q, k (S*N, H*64) act, rows ld apart; v the same, rows v_ld apart; context (S*N, H*64) act, rows context_ld apart; h is 64 columns of a row. lse float32:
 *           that of head h < lse_heads, sequence s at row s * lse_heads + h of N, rows lse_ld apart; or null. All rows begin at multiples of 16 bytes. context
 *           shares no memory with the others, which may share any among themselves.
 * Launch    block (128), grid (ceil(N / 128), H, S), no dynamic shared memory. A block owns 128 queries of a head, a warp 32 of them.
 * Memory    48 KB of shared memory: the queries, and two tiles of 64 keys and values each, of which one arrives (cp.async) while the other is used. A block reads all
 *           keys and values of its head, ceil(N / 128) times in all, from second-level cache; context is written once. Scores stay in registers.
 * Numerics  products of act exact, sums float32; the largest score so far is subtracted, sums are shrunk when it grows. p / its largest is rounded to act before
 *           it meets v, its sum is of the unrounded. 2^x is good to two units in the last place.
 * Domain    any N, H, S >= 1; scale >= 0. causal: keys j > i get 0.
 * Oracle    ScalarOps.attention
 */
extern "C" __global__ void __launch_bounds__(THREADS, 2) fused_attention(act* context, float* lse, const act* q, const act* k, const act* v, int n, int context_ld,
                                                                         int ld, int v_ld, int lse_ld, int lse_heads, float scale, int causal) {
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
 * Shapes    x act: that of a part (S*N, H*64), part_step columns behind the part before it, rows ld apart; v (S*N, H*64) act, rows v_ld apart; context (S*N, H*64)
 *           act, rows context_ld apart; h is 64 columns of a row; temperature (S) float32, or null for 1. All rows begin at multiples of 16 bytes. context shares
 *           no memory with the others.
 * Launch    block (128), grid (ceil(N / 64), H, S), no dynamic shared memory. A block owns 64 queries of a head, a warp 16 of them: the sum over the parts wants as
 *           many registers as the part at work.
 * Memory    40 KB of shared memory, as in fused_attention; a block reads all of x and v of its head for each part.
 * Numerics  as in fused_attention; parts are summed in order in float32.
 * Domain    any N, H, S, parts >= 1; scale * temperature >= 0.
 * Oracle    ScalarOps.attention, ScalarOps.selfSelfAttention
 */
extern "C" __global__ void __launch_bounds__(THREADS, 3) attention_sum(act* context, const act* x, const act* v, const float* temperature, int n, int parts, int part_step,
                                                                       int context_ld, int ld, int v_ld, float scale, float factor) {
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
 * Shapes    x, y (S*N, H*64) act, rows ld and y_ld apart, which begin at multiples of 16 bytes; h is 64 columns of a row; temperature (S) float32. y shares no memory
 *           with the others.
 * Launch    block (128), grid (ceil(N / 128), H, S), no dynamic shared memory. A block owns 128 rows of a head, a warp 32 of them.
 * Memory    48 KB of shared memory, as in fused_attention; x is copied twice, as keys and as values.
 * Numerics  as in fused_attention; m is rounded once, after its norm is out. The floor keeps a row of zeros zero.
 * Domain    any N, H, S >= 1; scale * temperature >= 0.
 * Oracle    ScalarOps.selfSelfAttention
 */
extern "C" __global__ void __launch_bounds__(THREADS, 2) attention_unit(act* y, const act* x, const float* temperature, int n, int y_ld, int ld, float scale) {
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
 * Shapes    map (S, N, N) float32, rows map_ld apart; q, k (S*N, at least H*64) act, rows ld apart and beginning at multiples of 16 bytes; lse float32 as
 *           fused_attention left it: row s * H + h of N, rows lse_ld apart.
 * Launch    block (128), grid (ceil(N / 128), ceil(N / 64), S), no dynamic shared memory. A block owns 128 queries x 64 keys of a map, a warp 32 x 64, for all heads.
 * Memory    48 KB of shared memory: the tiles of two heads, of which one arrives (cp.async) while the other is used. q is read ceil(N / 64) times, k ceil(N / 128) times,
 *           from second-level cache. A map is read and written once, whatever the number of heads; the N x N x H probabilities exist in registers only.
 * Numerics  scores are the same bits as in fused_attention; heads are summed in order in float32, and added to the map in one go.
 * Domain    any N, H, S >= 1.
 * Oracle    ScalarOps.attention
 */
extern "C" __global__ void __launch_bounds__(THREADS, 3) attention_map(float* map, const float* lse, const act* q, const act* k, int n, int heads, int map_ld, int lse_ld, int ld,
                                                                       float scale, float weight) {
    __shared__ __align__(16) act queries[2][2 * KEYS * HEAD];
    __shared__ __align__(16) act keys[2][KEYS * HEAD];
    typedef Softmax<2> Rows;
    const int first_query = blockIdx.x * 2 * KEYS, first_key = blockIdx.y * KEYS, own = threadIdx.x / WARP * 32 * HEAD, pair = threadIdx.x % 4 * 2;
    q += sequence_row(n) * ld;
    k += sequence_row(n) * ld;
    float sums[2][2 * CHUNKS / 2][4] = {};
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
        for (int at = 0; at < KEYS; at += 2 * STEP) {                                 // all 64 at once would want more registers than three blocks have
            if (first_key + at >= n) break;
            float scores[2][4][4];
            multiply_keys<2, 2>(scores, fragments, keys[here] + at * HEAD);
            #pragma unroll
            for (int band = 0; band < 2; band++) {
                #pragma unroll
                for (int half = 0; half < 2; half++) {
                    const float end = ends[min(Rows::row(band, half), n - 1)];
                    #pragma unroll
                    for (int i = 0; i < 8; i++) sums[band][at / 8 + i / 2][2 * half + i % 2] += power_of_two(fmaf(scores[band][i / 2][2 * half + i % 2], scale, -end));
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
