/*
 * What the kernels on heads of 64 columns share: tiles of them in shared memory, products of tiles on tensor cores, and a softmax that goes over the keys
 * once, tile by tile, keeping the largest score and shrinking its sums when that grows.
 */
#pragma once
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

/* 2^x by the card's own instruction: within two units in the last place, 0 below 2^-126. exp2f wraps three more around it for smaller results. */
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

/* A chunk of a row in shared memory. Chunks change places from row to row, so that the same chunk of eight neighbouring rows touches every bank once. */
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
        for (int depth = 0; depth < DEPTHS; depth++)
            ldmatrix_x4(fragments[band][depth], chunk_of(rows, 16 * band + lane % 16, 2 * depth + lane / 16));
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
        const int block_end = look.causal ? min(look.n, block_first + WARPS * 16 * BANDS) : look.n;      // some row sees the keys below
        const int warp_end = look.causal ? min(look.n, warp_first + 16 * BANDS) : look.n;
        const int whole = look.causal ? min(look.n, warp_first + 1) : look.n;                            // every row sees the keys below
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
        act* to = chunk_of(own, 16 * band + 8 * half + lane / 4, chunk) + lane % 4 * 2;
        *reinterpret_cast<uint32_t*>(to) = pack(rows[band][chunk][2 * half], rows[band][chunk][2 * half + 1]);
    }
    __syncwarp();
    #pragma unroll
    for (int i = 0; i < 16 * BANDS; i += WARP / CHUNKS) {
        const int row = i + lane / CHUNKS, chunk = lane % CHUNKS;
        if (first + row >= n) break;
        *reinterpret_cast<uint4*>(row_of(context, first + row, ld) + chunk * CHUNK) = *reinterpret_cast<uint4*>(chunk_of(own, row, chunk));
    }
}
