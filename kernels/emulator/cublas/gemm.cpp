#include "gemm.h"

#include <algorithm>
#include <memory>
#include <new>

#include "../interface.h"
#include "../shim/half_types.h"

namespace {

/* The tile that fits sixteen registers: 2 vectors of rows by 6 columns, with 12 sums. */
typedef float Vector __attribute__((vector_size(32)));
constexpr size_t LANES = 8, ROWS = 2 * LANES, COLUMNS = 6;
/* Blocks that stay in the caches: a panel of B in the first, a block of A in the second. */
constexpr size_t K_BLOCK = 256, M_BLOCK = 128, N_BLOCK = 192;

float load(const void* data, Type type, size_t i) {
    switch (type) {
        case Type::f16: return emu::half_to_float(static_cast<const uint16_t*>(data)[i]);
        case Type::bf16: return emu::bfloat16_to_float(static_cast<const uint16_t*>(data)[i]);
        default: return static_cast<const float*>(data)[i];
    }
}

void store(void* data, Type type, size_t i, float value) {
    switch (type) {
        case Type::f16: static_cast<uint16_t*>(data)[i] = emu::float_to_half(value); break;
        case Type::bf16: static_cast<uint16_t*>(data)[i] = emu::float_to_bfloat16(value); break;
        default: static_cast<float*>(data)[i] = value;
    }
}

/* To nearest, ties to even. */
float round_to_tf32(float value) {
    const uint32_t bits = emu::bits_as<uint32_t>(value);
    if ((bits & 0x7f800000) == 0x7f800000) return value;
    return emu::bits_as<float>((bits + 0xfff + (bits >> 13 & 1)) & 0xffffe000);
}

/* Elements (line, k) of lines [0, count) and depths [0, depth) to panels of WIDTH lines, each depth by depth; missing lines are zero. */
template <size_t WIDTH>
void pack(float* panels, const Matrix& matrix, bool k_is_contiguous, size_t first_line, size_t count, size_t first_k, size_t depth, bool tf32) {
    for (size_t panel = 0; panel < count; panel += WIDTH) {
        float* to = panels + panel * depth;
        const size_t lines = std::min(WIDTH, count - panel);
        for (size_t line = 0; line < WIDTH; line++) {
            const size_t l = first_line + panel + line;
            for (size_t k = 0; k < depth; k++) {
                if (line >= lines) { to[k * WIDTH + line] = 0.0f; continue; }
                const float value = load(matrix.data, matrix.type, k_is_contiguous ? l * matrix.ld + first_k + k : (first_k + k) * matrix.ld + l);
                to[k * WIDTH + line] = tf32 ? round_to_tf32(value) : value;
            }
        }
    }
}

/* sums(COLUMNS, ROWS) += the product of a panel of A and one of B. */
void tile(float* sums, const float* a, const float* b, size_t depth) {
    Vector total[COLUMNS][2];
    for (size_t j = 0; j < COLUMNS; j++) for (size_t i = 0; i < 2; i++) __builtin_memcpy(&total[j][i], sums + j * ROWS + i * LANES, sizeof(Vector));
    for (size_t k = 0; k < depth; k++) {
        Vector low, high;
        __builtin_memcpy(&low, a + k * ROWS, sizeof low);
        __builtin_memcpy(&high, a + k * ROWS + LANES, sizeof high);
#pragma GCC unroll 6
        for (size_t j = 0; j < COLUMNS; j++) {
            total[j][0] += low * b[k * COLUMNS + j];
            total[j][1] += high * b[k * COLUMNS + j];
        }
    }
    for (size_t j = 0; j < COLUMNS; j++) for (size_t i = 0; i < 2; i++) __builtin_memcpy(sums + j * ROWS + i * LANES, &total[j][i], sizeof(Vector));
}

size_t round_up(size_t value, size_t step) {
    return (value + step - 1) / step * step;
}
}

void gemm(size_t m, size_t n, size_t k, float alpha, const Matrix& a, const Matrix& b, float beta, void* c, Type c_type, size_t ldc, bool tf32) {
    const size_t row_blocks = (m + M_BLOCK - 1) / M_BLOCK, column_blocks = (n + N_BLOCK - 1) / N_BLOCK;
    emu::parallel(row_blocks * column_blocks, [&](size_t block) {
        const size_t i0 = block % row_blocks * M_BLOCK, rows = std::min(M_BLOCK, m - i0), all_rows = round_up(rows, ROWS);
        const size_t j0 = block / row_blocks * N_BLOCK, columns = std::min(N_BLOCK, n - j0), all_columns = round_up(columns, COLUMNS);
        const std::unique_ptr<float[]> sums(new float[all_rows * all_columns]());
        const std::unique_ptr<float[]> packed_a(new float[all_rows * K_BLOCK]), packed_b(new float[all_columns * K_BLOCK]);
        for (size_t k0 = 0; k0 < k; k0 += K_BLOCK) {
            const size_t depth = std::min(K_BLOCK, k - k0);
            pack<ROWS>(packed_a.get(), a, a.transposed, i0, rows, k0, depth, tf32);
            pack<COLUMNS>(packed_b.get(), b, !b.transposed, j0, columns, k0, depth, tf32);
            for (size_t j = 0; j < columns; j += COLUMNS) for (size_t i = 0; i < rows; i += ROWS) {
                tile(&sums[j * all_rows + i * COLUMNS], &packed_a[i * depth], &packed_b[j * depth], depth);
            }
        }
        for (size_t j = 0; j < columns; j++) for (size_t i = 0; i < rows; i++) {
            const float sum = sums[j / COLUMNS * COLUMNS * all_rows + i / ROWS * ROWS * COLUMNS + j % COLUMNS * ROWS + i % ROWS];
            const size_t at = (j0 + j) * ldc + i0 + i;
            store(c, c_type, at, alpha * sum + (beta == 0.0f ? 0.0f : beta * load(c, c_type, at)));
        }
    });
}
