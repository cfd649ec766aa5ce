#include "act.cuh"
#include "activation.cuh"

/*
 * The lowest rung of two ladders: a thread makes a result, or a row of them, as the formula says, and shares nothing. What tiles and tensor cores are worth is
 * the distance from here.
 */

/* Columns of a head: a thread keeps as many sums, in registers. */
#define HEAD 64

/* Side of the square of results that a block of naive products makes. */
#define SQUARE 16

__device__ __forceinline__ float dot(const act* a, const act* b) {
    float sum = 0.0f;
    #pragma unroll 8
    for (int c = 0; c < HEAD; c++) sum += from_act(a[c]) * from_act(b[c]);
    return sum;
}

/*
 * naive_attention:  context[s,i,h] = factor * sum over j of p[s,h,i,j] * v[s,j,h], plus context[s,i,h] if add; p[s,h,i,j] = exp(t q[s,i,h] . k[s,j,h]
 *                   - ends[s,h,i]), ends[s,h,i] = log of the sum over j of exp(t q[s,i,h] . k[s,j,h]), t = scale * temperature[s]
 * Shapes    q, k (S*N, H*64) act, rows ld apart; v the same, rows v_ld apart; context (S*N, H*64) act, rows context_ld apart; h is 64 columns of a row.
 *           temperature (S) float32, or null for 1; ends (S, H, N) float32 dense, or null. context shares no memory with the others.
 * Launch    block (128), grid (ceil(N / 128), H, S), no dynamic shared memory. A thread owns one query of a head.
 * Memory    a thread reads its query twice for every key, from first-level cache; threads of a block read the same key and the same value at the same time
 *           (broadcast). A thread writes 64 neighbours, far from the next thread's.
 * Numerics  float32 throughout, keys from 0 up: once for the largest score, once for the sums, with the scores computed twice.
 * Domain    any N, H, S >= 1 that a grid holds. causal: keys j > i get 0.
 * Oracle    ScalarOps.attention, ScalarOps.selfSelfAttention
 */
extern "C" __global__ void naive_attention(act* context, float* ends, const act* q, const act* k, const act* v, const float* temperature, int n,
                                           int context_ld, int ld, int v_ld, float scale, float factor, int add, int causal) {
    const int i = blockIdx.x * blockDim.x + threadIdx.x, first = blockIdx.z * n, column = blockIdx.y * HEAD;
    if (i >= n) return;
    const act* query = row_of(q, first + i, ld) + column;
    const float t = temperature == nullptr ? scale : scale * temperature[blockIdx.z];
    const int keys = causal ? i + 1 : n;
    float largest = -INFINITY;
    for (int j = 0; j < keys; j++) largest = fmaxf(largest, t * dot(query, row_of(k, first + j, ld) + column));
    float total = 0.0f, sums[HEAD] = {};
    for (int j = 0; j < keys; j++) {
        const float p = expf(t * dot(query, row_of(k, first + j, ld) + column) - largest);
        const act* value = row_of(v, first + j, v_ld) + column;
        total += p;
        #pragma unroll
        for (int c = 0; c < HEAD; c++) sums[c] += p * from_act(value[c]);
    }
    act* y = row_of(context, first + i, context_ld) + column;
    #pragma unroll
    for (int c = 0; c < HEAD; c++) y[c] = to_act(factor * (sums[c] / total) + (add ? from_act(y[c]) : 0.0f));
    if (ends != nullptr) ends[((size_t) blockIdx.z * gridDim.y + blockIdx.y) * n + i] = largest + logf(total);
}

/*
 * naive_map:  map[s,i,j] += weight * sum over h < map_heads of exp(scale * q[s,i,h] . k[s,j,h] - ends[s,h,i])
 * Shapes    map (S, N, N) float32, rows map_ld apart; q, k (S*N, H*64) act, rows ld apart; ends (S, H, N) float32 dense, of naive_attention.
 * Launch    block (128), grid (ceil(N / 128), N, S), no dynamic shared memory. A thread owns one element of the map.
 * Memory    threads of a block share the query (broadcast); neighbouring threads read neighbouring keys, whole rows apart. map is read and written once, coalesced.
 * Numerics  heads in order, float32. The scores are computed a third time, with the bits that naive_attention had.
 * Domain    any N, H, S >= 1 that a grid holds, 1 <= map_heads <= H.
 * Oracle    ScalarOps.attention
 */
extern "C" __global__ void naive_map(float* map, const float* ends, const act* q, const act* k, int n, int heads, int map_heads,
                                     int map_ld, int ld, float scale, float weight) {
    const int j = blockIdx.x * blockDim.x + threadIdx.x, i = blockIdx.y, first = blockIdx.z * n;
    if (j >= n) return;
    const act* query = row_of(q, first + i, ld);
    const act* key = row_of(k, first + j, ld);
    float sum = 0.0f;
    for (int h = 0; h < map_heads; h++)
        sum += expf(scale * dot(query + h * HEAD, key + h * HEAD) - ends[((size_t) blockIdx.z * heads + h) * n + i]);
    row_of(map, first + i, map_ld)[j] += weight * sum;
}

template <bool TRANSPOSED>
__device__ __forceinline__ void multiply(void* c, const act* a, const act* b, const float* bias, int m, int n, int k, int c_ld, int a_ld, int b_ld,
                                         long long c_step, long long a_step, long long b_step, float alpha, float beta, int activation, int c_float) {
    const int squares = (n + SQUARE - 1) / SQUARE;
    const int i = blockIdx.x / squares * SQUARE + threadIdx.x / SQUARE, j = blockIdx.x % squares * SQUARE + threadIdx.x % SQUARE;
    if (i >= m || j >= n) return;
    const act* left = row_of(a + blockIdx.y * a_step, i, a_ld);
    b += blockIdx.y * b_step;
    float sum = 0.0f;
    for (int l = 0; l < k; l++) sum += from_act(left[l]) * from_act(TRANSPOSED ? row_of(b, j, b_ld)[l] : row_of(b, l, b_ld)[j]);
    const size_t at = blockIdx.y * c_step + (size_t) i * c_ld + j;
    float value = activate(alpha * sum + (bias == nullptr ? 0.0f : bias[j]), activation);
    if (beta != 0.0f) value += beta * (c_float ? ((const float*) c)[at] : from_act(((const act*) c)[at]));   // otherwise c may hold anything
    if (c_float) ((float*) c)[at] = value;
    else ((act*) c)[at] = to_act(value);
}

/*
 * gemm_transposed_naive:  c[s,i,j] = activation(alpha * sum over k of a[s,i,k] * b[s,j,k] + bias[j]) + beta * c[s,i,j]
 * Shapes    a (S, M, K), b (S, N, K) act; c (S, M, N) act, or float32 if c_float; bias (N) float32, or null for none. Rows lie *_ld apart, matrices *_step,
 *           which may be less than a matrix. c shares no element with a or b, nor its matrices with each other.
 * Launch    block (256), grid (ceil(M / 16) * ceil(N / 16), S), no dynamic shared memory. A thread owns one element of a square of 16 x 16.
 * Memory    each thread reads a row of a and a row of b: a row of a is the same for 16 neighbours, rows of b lie apart. What is read twice comes from cache.
 * Numerics  float32 products and sums, k from 0 up; residual (beta c) last. c is not read if beta is 0.
 * Domain    any M, N >= 1, K >= 0, any steps and distances. S is at most what a grid has in y.
 * Oracle    ScalarOps.linear
 */
extern "C" __global__ void gemm_transposed_naive(void* c, const act* a, const act* b, const float* bias, int m, int n, int k, int c_ld, int a_ld, int b_ld,
                                                 long long c_step, long long a_step, long long b_step, float alpha, float beta, int activation, int c_float) {
    multiply<true>(c, a, b, bias, m, n, k, c_ld, a_ld, b_ld, c_step, a_step, b_step, alpha, beta, activation, c_float);
}

/*
 * gemm_naive:  c[s,i,j] = activation(alpha * sum over k of a[s,i,k] * b[s,k,j] + bias[j]) + beta * c[s,i,j]
 * Shapes    as gemm_transposed_naive, but b (S, K, N).
 * Launch    as gemm_transposed_naive.
 * Memory    as gemm_transposed_naive, but neighbouring threads read neighbours of a row of b.
 * Numerics  as gemm_transposed_naive.
 * Domain    as gemm_transposed_naive.
 * Oracle    ScalarOps.attention
 */
extern "C" __global__ void gemm_naive(void* c, const act* a, const act* b, const float* bias, int m, int n, int k, int c_ld, int a_ld, int b_ld,
                                      long long c_step, long long a_step, long long b_step, float alpha, float beta, int activation, int c_float) {
    multiply<false>(c, a, b, bias, m, n, k, c_ld, a_ld, b_ld, c_step, a_step, b_step, alpha, beta, activation, c_float);
}
