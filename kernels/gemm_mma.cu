#include "act.cuh"
#include "activation.cuh"
#include "tensor_core.cuh"

/* How much of k lies in a stage: the same in every tiling, so that every sum has the same order. */
#define DEPTH 32
/* Stages of tiles in shared memory: one is being multiplied while the others are on their way. */
#define STAGES 3
/* Warps beside each other in a block's tile. */
#define ACROSS 2
/* Elements that are copied at a time. */
#define CHUNK ((int) (CHUNK_BYTES / sizeof(act)))
/* Sums that a thread finishes at a time. */
#define QUAD 4
/* Makes pairs of sums that neighbouring groups of lanes write at once fall into different banks. */
#define PADDING 8

/*
 * Where a chunk of a row lies in a tile of rows of WIDTH elements, in elements. The eight chunks that ldmatrix reads at a time lie below each other; they are
 * in different banks here, because what stands at place j of its 128 bytes elsewhere stands at j xor the row's number.
 */
template <int WIDTH>
__device__ __forceinline__ int chunk_at(int row, int chunk) {
    constexpr int CHUNKS = WIDTH / CHUNK, LINE = 128 / CHUNK_BYTES;
    constexpr int LINE_ROWS = CHUNKS < LINE ? LINE / CHUNKS : 1, PLACES = CHUNKS < LINE ? CHUNKS : LINE;
    return row * WIDTH + (chunk ^ row / LINE_ROWS % PLACES) * CHUNK;
}

/* Starts copies of the elements from (row, column) on of a matrix (rows, columns), whose rows lie ld apart, into a tile; 0 outside. */
template <int HEIGHT, int WIDTH, int THREADS>
__device__ __forceinline__ void copy_tile(act* tile, const act* matrix, int row, int column, int rows, int columns, int ld) {
    constexpr int CHUNKS = WIDTH / CHUNK, ROWS = THREADS / CHUNKS;
    const int own_row = threadIdx.x / CHUNKS, own_chunk = threadIdx.x % CHUNKS;
    const int x = column + own_chunk * CHUNK, count = max(0, min(columns - x, CHUNK));
    matrix += count > 0 ? x : 0;                          // a copy of nothing needs an address too
    #pragma unroll
    for (int i = own_row; i < own_row + HEIGHT; i += ROWS) {
        const int y = row + i;
        copy_chunk(tile + chunk_at<WIDTH>(i, own_chunk), row_of(matrix, min(y, rows - 1), ld), (y < rows ? count : 0) * (int) sizeof(act));
    }
}

/* Four neighbours in memory, read and written at once. */
template <class T>
struct alignas(QUAD * sizeof(T)) Quad {
    T v[QUAD];
};

template <class T>
__device__ __forceinline__ float widen(T v) { return v; }
template <>
__device__ __forceinline__ float widen<act>(act v) { return from_act(v); }
__device__ __forceinline__ void assign(float& to, float v) { to = v; }
__device__ __forceinline__ void assign(act& to, float v) { to = to_act(v); }

/* c = values + beta c for the first `count` of four neighbours; c is not read if beta is 0. */
template <class T>
__device__ __forceinline__ void write_quad(T* c, const Quad<float>& values, int count, float beta) {
    if (count >= QUAD) {
        Quad<T> quad;
        if (beta != 0.0f) quad = *(const Quad<T>*) c;
        #pragma unroll
        for (int i = 0; i < QUAD; i++) assign(quad.v[i], beta != 0.0f ? values.v[i] + beta * widen(quad.v[i]) : values.v[i]);
        *(Quad<T>*) c = quad;
    } else {
        #pragma unroll
        for (int i = 0; i < QUAD; i++) if (i < count) assign(c[i], beta != 0.0f ? values.v[i] + beta * widen(c[i]) : values.v[i]);
    }
}

/* A block's tile of HEIGHT x WIDTH elements of c, which DOWN x ACROSS warps own equal parts of. TRANSPOSED: b (N, K), otherwise (K, N). */
template <int HEIGHT, int WIDTH, int DOWN, bool TRANSPOSED>
struct Tiling {
    static constexpr int THREADS = DOWN * ACROSS * WARP;
    static constexpr int A_TILE = HEIGHT * DEPTH, STAGE = A_TILE + WIDTH * DEPTH;
    static constexpr int WARP_HEIGHT = HEIGHT / DOWN, WARP_WIDTH = WIDTH / ACROSS;
    /* Matrices of 16 x 16 and 16 x 8 that a warp's part consists of. */
    static constexpr int M = WARP_HEIGHT / 16, N = WARP_WIDTH / 8;
    static constexpr int SUMS_LD = WIDTH + PADDING;
    static_assert(STAGES * STAGE * sizeof(act) >= WARP_HEIGHT * SUMS_LD * sizeof(float), "sums of a row of warps lie where the stages were");

    /* Starts the copies of what a stage holds of k from `from` on. */
    static __device__ __forceinline__ void copy_stage(act* stage, const act* a, const act* b, int row, int column, int from,
                                                      int m, int n, int k, int a_ld, int b_ld) {
        copy_tile<HEIGHT, DEPTH, THREADS>(stage, a, row, from, m, k, a_ld);
        if constexpr (TRANSPOSED) copy_tile<WIDTH, DEPTH, THREADS>(stage + A_TILE, b, column, from, n, k, b_ld);
        else copy_tile<DEPTH, WIDTH, THREADS>(stage + A_TILE, b, from, column, k, n, b_ld);
    }

    /* sums += a b of a stage, for the warp's part that begins at (row, column) of the tile. */
    static __device__ __forceinline__ void multiply(float (*sums)[N][4], const act* stage, int row, int column) {
        const int lane = threadIdx.x % WARP;
        const act* b_tile = stage + A_TILE;
        #pragma unroll
        for (int k = 0; k < DEPTH; k += 16) {
            uint32_t a[M][4], b[N][2];
            #pragma unroll
            for (int i = 0; i < M; i++) ldmatrix_x4(a[i], stage + chunk_at<DEPTH>(row + i * 16 + lane % 16, k / CHUNK + lane / 16));
            #pragma unroll
            for (int j = 0; j < N; j += 2) {
                if constexpr (TRANSPOSED) ldmatrix_x4(b[j], b_tile + chunk_at<DEPTH>(column + j * 8 + lane / 16 * 8 + lane % 8, k / CHUNK + lane / 8 % 2));
                else ldmatrix_x4_trans(b[j], b_tile + chunk_at<WIDTH>(k + lane % 16, column / CHUNK + j + lane / 16));
            }
            #pragma unroll
            for (int i = 0; i < M; i++) {
                #pragma unroll
                for (int j = 0; j < N; j++) mma_m16n8k16<act>(sums[i][j], a[i], b[j]);
            }
        }
    }

    /* Lays the warp's sums down from (0, column) on of a band of WARP_HEIGHT rows. */
    static __device__ __forceinline__ void lay_down(float* band, const float (*sums)[N][4], int column) {
        const int group = threadIdx.x % WARP / 4, pair = threadIdx.x % 4 * 2;
        #pragma unroll
        for (int i = 0; i < M; i++) {
            #pragma unroll
            for (int j = 0; j < N; j++) {
                float* at = band + (i * 16 + group) * SUMS_LD + column + j * 8 + pair;
                *(float2*) at = make_float2(sums[i][j][0], sums[i][j][1]);
                *(float2*) (at + 8 * SUMS_LD) = make_float2(sums[i][j][2], sums[i][j][3]);
            }
        }
    }

    static __device__ __forceinline__ void run(void* c, const act* a, const act* b, const float* bias, int m, int n, int k, int c_ld, int a_ld, int b_ld,
                                               long long c_step, long long a_step, long long b_step, float alpha, float beta, int activation, int c_float) {
        DYNAMIC_SHARED(act, stages);
        a += blockIdx.y * a_step;
        b += blockIdx.y * b_step;
        const int columns = (n + WIDTH - 1) / WIDTH;      // blocks that share rows of a follow each other; b, a weight, is small enough for the cache
        const int first_row = blockIdx.x / columns * HEIGHT, first_column = blockIdx.x % columns * WIDTH;
        const int warp = threadIdx.x / WARP, row = warp / ACROSS * WARP_HEIGHT, column = warp % ACROSS * WARP_WIDTH;
        const int steps = (k + DEPTH - 1) / DEPTH;
        float sums[M][N][4] = {};

        #pragma unroll 1
        for (int s = 0; s < STAGES - 1; s++) {
            if (s < steps) copy_stage(stages + s * STAGE, a, b, first_row, first_column, s * DEPTH, m, n, k, a_ld, b_ld);
            copy_commit();                                // an empty group too: group s belongs to step s
        }
        #pragma unroll 1
        for (int s = 0; s < steps; s++) {
            copy_wait<STAGES - 2>();
            __syncthreads();                              // everyone's copies for step s have landed, and everyone is done with step s - 1
            const int next = s + STAGES - 1;
            if (next < steps) copy_stage(stages + next % STAGES * STAGE, a, b, first_row, first_column, next * DEPTH, m, n, k, a_ld, b_ld);
            copy_commit();
            multiply(sums, stages + s % STAGES * STAGE, row, column);
        }

        float* const band = reinterpret_cast<float*>(stages);
        #pragma unroll 1
        for (int top = 0; top < HEIGHT; top += WARP_HEIGHT) {
            __syncthreads();                              // the stages, or the band before, have been read
            if (row == top) lay_down(band, sums, column);
            __syncthreads();
            #pragma unroll 1
            for (int at = threadIdx.x * QUAD; at < WARP_HEIGHT * WIDTH; at += THREADS * QUAD) {
                const int y = first_row + top + at / WIDTH, x = first_column + at % WIDTH;
                if (y >= m || x >= n) continue;
                Quad<float> values = *(const Quad<float>*) (band + at / WIDTH * SUMS_LD + at % WIDTH);
                #pragma unroll
                for (int i = 0; i < QUAD; i++) values.v[i] *= alpha;
                if (bias != nullptr) {
                    #pragma unroll
                    for (int i = 0; i < QUAD; i++) values.v[i] += bias[min(x + i, n - 1)];
                }
                #pragma unroll
                for (int i = 0; i < QUAD; i++) values.v[i] = activate(values.v[i], activation);
                const size_t to = blockIdx.y * c_step + (size_t) y * c_ld + x;
                if (c_float) write_quad((float*) c + to, values, n - x, beta);
                else write_quad((act*) c + to, values, n - x, beta);
            }
        }
    }
};

#define PARAMETERS void* c, const act* a, const act* b, const float* bias, int m, int n, int k, int c_ld, int a_ld, int b_ld, \
    long long c_step, long long a_step, long long b_step, float alpha, float beta, int activation, int c_float
#define ARGUMENTS c, a, b, bias, m, n, k, c_ld, a_ld, b_ld, c_step, a_step, b_step, alpha, beta, activation, c_float

/*
 * gemm_transposed_256:  c[s,i,j] = activation(alpha * sum over k of a[s,i,k] * b[s,j,k] + bias[j]) + beta * c[s,i,j]
 * Shapes    a (S, M, K), b (S, N, K) act; c (S, M, N) act, or float32 if c_float; bias (N) float32, or null for none. Rows lie *_ld apart, matrices *_step,
 *           which may be less than a matrix: heads lie beside each other. c shares no element with a or b, nor its matrices with each other.
 * Launch    block (256), grid (ceil(M / 256) * ceil(N / 128), S), dynamic shared memory 192 * (256 + 128) bytes: three stages of 32 elements of each row.
 *           A block owns a tile of 256 x 128, a warp 64 x 64 of it.
 * Memory    asynchronous copies of 16 bytes bring tiles of 32 along k into the stages, two steps ahead; ldmatrix reads them without bank conflicts. a is read
 *           N / 128 times, b M / 256 times. c goes through shared memory; a thread writes four neighbours, a warp whole rows of a tile.
 * Numerics  products exact; sums float32, k from 0 up in steps of 16, whose inner order is the tensor core's: equal rows have equal bits, however many rows
 *           there are, wherever they fall and in every tiling. Residual (beta c) last: it is large beside the branch it gains. c is not read if beta is 0.
 * Domain    any M, N >= 1, K >= 0, zeros stand for what lies outside. a, b, c, their rows and matrices begin at multiples of 16 bytes. S is at most what a grid
 *           has in y.
 * Oracle    ScalarOps.linear; tolerance in MmaGemmTest
 */
extern "C" __global__ void __launch_bounds__(256, 1) gemm_transposed_256(PARAMETERS) {
    Tiling<256, 128, 4, true>::run(ARGUMENTS);
}

/*
 * gemm_transposed_128:  c[s,i,j] = activation(alpha * sum over k of a[s,i,k] * b[s,j,k] + bias[j]) + beta * c[s,i,j]
 * Shapes    as gemm_transposed_256.
 * Launch    block (128), grid (ceil(M / 128) * ceil(N / 128), S), dynamic shared memory 192 * (128 + 128) bytes. A block owns a tile of 128 x 128, a warp
 *           64 x 64 of it: for products too small to fill a card with larger tiles.
 * Memory    as gemm_transposed_256, but b is read M / 128 times.
 * Numerics  as gemm_transposed_256, bit for bit.
 * Domain    as gemm_transposed_256.
 * Oracle    ScalarOps.linear; tolerance in MmaGemmTest
 */
extern "C" __global__ void __launch_bounds__(128, 2) gemm_transposed_128(PARAMETERS) {
    Tiling<128, 128, 2, true>::run(ARGUMENTS);
}

/*
 * gemm_transposed_64:  c[s,i,j] = activation(alpha * sum over k of a[s,i,k] * b[s,j,k] + bias[j]) + beta * c[s,i,j]
 * Shapes    as gemm_transposed_256.
 * Launch    block (128), grid (ceil(M / 64) * ceil(N / 64), S), dynamic shared memory 192 * (64 + 64) bytes. A block owns a tile of 64 x 64, a warp 32 x 32
 *           of it: for the smallest products.
 * Memory    as gemm_transposed_256, but a is read N / 64 times, b M / 64 times.
 * Numerics  as gemm_transposed_256, bit for bit.
 * Domain    as gemm_transposed_256.
 * Oracle    ScalarOps.linear; tolerance in MmaGemmTest
 */
extern "C" __global__ void __launch_bounds__(128, 4) gemm_transposed_64(PARAMETERS) {
    Tiling<64, 64, 2, true>::run(ARGUMENTS);
}

/*
 * gemm_64:  c[s,i,j] = activation(alpha * sum over k of a[s,i,k] * b[s,k,j] + bias[j]) + beta * c[s,i,j]
 * Shapes    as gemm_transposed_256, but b (S, K, N).
 * Launch    as gemm_transposed_64. There are no larger tiles: such products are those of attention, whose N is a head's size.
 * Memory    as gemm_transposed_64; ldmatrix transposes b on its way into registers.
 * Numerics  as gemm_transposed_256.
 * Domain    as gemm_transposed_256.
 * Oracle    ScalarOps.attention; tolerance in MmaGemmTest
 */
extern "C" __global__ void __launch_bounds__(128, 4) gemm_64(PARAMETERS) {
    Tiling<64, 64, 2, false>::run(ARGUMENTS);
}
