/*
 * The PTX instructions that C++ has no words for: mma.sync, ldmatrix, cp.async. A kernel's wrapper around the asm calls these where CUDA_EMU is defined.
 * Fragments lie in registers as the PTX manual draws them: group = lane / 4 names a row (a column of B), pair = lane % 4 two neighbouring elements.
 */
#pragma once

namespace emu {

constexpr int MMA_M = 16, MMA_N = 8, MMA_K = 16;

inline void widen8(float* to, const __half* from) {
#ifdef __F16C__
    _mm256_storeu_ps(to, _mm256_cvtph_ps(_mm_loadu_si128(reinterpret_cast<const __m128i*>(from))));
#else
    for (int i = 0; i < 8; i++) to[i] = from[i];
#endif
}
inline void widen8(float* to, const __nv_bfloat16* from) {
    for (int i = 0; i < 8; i++) to[i] = from[i];
}

struct MmaOperand {
    float* d;
    const uint32_t* a;
    const uint32_t* b;
};

template <class T>
struct Mma {
    static void run(unsigned lanes, MmaOperand* const* operands) {
        if (lanes != 0xffffffffu) fail("mma.sync without all 32 lanes");
        alignas(32) T a[MMA_M][MMA_K], b[MMA_N][MMA_K];      /* b by columns, as the registers hold it */
        for (int lane = 0; lane < WARP_LANES; lane++) {
            const int group = lane / 4, pair = lane % 4 * 2;
            for (int r = 0; r < 4; r++) std::memcpy((void*) &a[group + r % 2 * 8][pair + r / 2 * 8], &operands[lane]->a[r], 4);
            for (int r = 0; r < 2; r++) std::memcpy((void*) &b[group][pair + r * 8], &operands[lane]->b[r], 4);
        }
        alignas(32) float wide_a[MMA_M][MMA_K], wide_b[MMA_K][MMA_N], column[MMA_K], d[MMA_M][MMA_N] = {};
        for (int i = 0; i < MMA_M; i++) for (int k = 0; k < MMA_K; k += 8) widen8(&wide_a[i][k], &a[i][k]);
        for (int j = 0; j < MMA_N; j++) {
            for (int k = 0; k < MMA_K; k += 8) widen8(&column[k], &b[j][k]);
            for (int k = 0; k < MMA_K; k++) wide_b[k][j] = column[k];
        }
        for (int i = 0; i < MMA_M; i++) for (int k = 0; k < MMA_K; k++) for (int j = 0; j < MMA_N; j++) d[i][j] += wide_a[i][k] * wide_b[k][j];
        for (int lane = 0; lane < WARP_LANES; lane++) {
            const int group = lane / 4, pair = lane % 4 * 2;
            for (int r = 0; r < 4; r++) operands[lane]->d[r] += d[group + r / 2 * 8][pair + r % 2];
        }
    }
};

/* mma.sync.aligned.m16n8k16.row.col.f32.T.T.f32 with d as both addend and result. Products are exact, sums float32 in ascending k. */
template <class T>
inline void mma_m16n8k16(float* d, const uint32_t* a, const uint32_t* b) {
    MmaOperand mine{d, a, b};
    for_warp(0xffffffffu, mine, Mma<T>{});
}

struct LdmatrixOperand {
    uint32_t* registers;
    const void* row;        /* lane 8i + j gives row j of matrix i */
};

template <int MATRICES, bool TRANSPOSED>
struct Ldmatrix {
    static void run(unsigned lanes, LdmatrixOperand* const* operands) {
        if (lanes != 0xffffffffu) fail("ldmatrix without all 32 lanes");
        for (int i = 0; i < MATRICES; i++) {
            uint16_t matrix[8][8];
            for (int j = 0; j < 8; j++) {
                const void* row = operands[i * 8 + j]->row;
                if ((uintptr_t) row % 16) fail("ldmatrix: row address is not a multiple of 16");
                std::memcpy(matrix[j], row, 16);
            }
            for (int lane = 0; lane < WARP_LANES; lane++) {
                const int group = lane / 4, pair = lane % 4 * 2;
                const uint32_t low = TRANSPOSED ? matrix[pair][group] : matrix[group][pair];
                const uint32_t high = TRANSPOSED ? matrix[pair + 1][group] : matrix[group][pair + 1];
                operands[lane]->registers[i] = high << 16 | low;
            }
        }
    }
};

/* ldmatrix.sync.aligned.m8n8.xMATRICES[.trans].shared.b16 */
template <int MATRICES, bool TRANSPOSED = false>
inline void ldmatrix(uint32_t* registers, const void* row) {
    LdmatrixOperand mine{registers, row};
    for_warp(0xffffffffu, mine, Ldmatrix<MATRICES, TRANSPOSED>{});
}

/* cp.async.{ca,cg}.shared.global with BYTES of 4, 8 or 16; bytes from source_bytes on become zero. Then commit_group and wait_group: copy_commit, copy_wait. */
template <int BYTES>
inline void cp_async(void* destination, const void* source, int source_bytes = BYTES) {
    static_assert(BYTES == 4 || BYTES == 8 || BYTES == 16, "what the instruction takes");
    copy_async(destination, source, BYTES, source_bytes);
}
}
