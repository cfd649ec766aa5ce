/* Matrix products for the fake cuBLAS: column-major, float32 sums. */
#pragma once
#include <cstddef>

enum class Type { f32, f16, bf16 };

inline size_t type_bytes(Type type) { return type == Type::f32 ? 4 : 2; }

/* A matrix as the caller stores it; transposed means that the product takes its transpose. */
struct Matrix {
    const void* data;
    Type type;
    size_t ld;
    bool transposed;
};

/*
 * C(m, n) = alpha * op(A)(m, k) * op(B)(k, n) + beta * C, where C is not read if beta is zero. tf32 rounds A and B to ten bits of mantissa.
 * Blocks of A and B are packed to float32 panels, then every tile of C is summed in registers; column panels go to different OS threads.
 */
void gemm(size_t m, size_t n, size_t k, float alpha, const Matrix& a, const Matrix& b, float beta, void* c, Type c_type, size_t ldc, bool tf32);
