/*
 * A fake cuBLAS: the products that the engine asks for, with the argument checks of the real one. Everything else is a stub that says its name.
 */
#include <algorithm>
#include <memory>

#include "../interface.h"
#include "gemm.h"

#ifndef CUBLAS_MAJOR
#define CUBLAS_MAJOR 12
#endif

enum Status : int {
    SUCCESS = 0, NOT_INITIALIZED = 1, INVALID_VALUE = 7, EXECUTION_FAILED = 13, NOT_SUPPORTED = 15
};
enum { OP_N = 0, OP_T = 1, OP_C = 2 };
enum { POINTER_MODE_HOST = 0, POINTER_MODE_DEVICE = 1 };
enum { MATH_DEFAULT = 0, MATH_PEDANTIC = 2, MATH_TF32 = 3 };
enum { CUDA_R_32F = 0, CUDA_R_16F = 2, CUDA_R_16BF = 14 };
enum { COMPUTE_32F = 68, COMPUTE_32F_PEDANTIC = 69, COMPUTE_32F_FAST_TF32 = 77 };

#define BLAS_API EMU_EXPORT Status

namespace {

struct Handle {
    CUstream stream = nullptr;
    int pointer_mode = POINTER_MODE_HOST;
    int math_mode = MATH_DEFAULT;
};

Handle& of(void* handle) { return *static_cast<Handle*>(handle); }

bool known(int cuda_type) { return cuda_type == CUDA_R_32F || cuda_type == CUDA_R_16F || cuda_type == CUDA_R_16BF; }

Type type_of(int cuda_type) { return cuda_type == CUDA_R_16F ? Type::f16 : cuda_type == CUDA_R_16BF ? Type::bf16 : Type::f32; }

/* A batch of matrices in memory: `stride` elements from one to the next. */
struct Operand {
    const void* data;
    int type, ld;
    long long stride;
    size_t rows, columns;       /* as stored */

    const char* at(size_t i) const { return static_cast<const char*>(data) + i * stride * type_bytes(type_of(type)); }

    bool on_device(size_t batch, const char* who) const {
        if (rows == 0 || columns == 0) return true;
        const size_t last = (columns - 1) * ld + rows + (batch - 1) * stride;
        return emu::inside(reinterpret_cast<CUdeviceptr>(data), last * type_bytes(type_of(type)), who);
    }
};

/* What the table of cublasGemmEx allows for float32 sums and scales. */
bool allowed(int a, int b, int c, int compute) {
    if (a != b || !known(a)) return false;
    switch (compute) {
        case COMPUTE_32F: case COMPUTE_32F_PEDANTIC: return c == a || c == CUDA_R_32F;
        case COMPUTE_32F_FAST_TF32: return a == CUDA_R_32F && c == CUDA_R_32F;
        default: return false;
    }
}

struct Product {
    int op_a, op_b;
    size_t m, n, k, batch;
    const float* alpha;
    const float* beta;
    Operand a, b, c;
    bool tf32;
};

CUresult multiply(const Product& p, float alpha, float beta) {
    if (p.k > 0 && (!p.a.on_device(p.batch, "cuBLAS, matrix A") || !p.b.on_device(p.batch, "cuBLAS, matrix B"))) return CUDA_ERROR_ILLEGAL_ADDRESS;
    if (!p.c.on_device(p.batch, "cuBLAS, matrix C")) return CUDA_ERROR_ILLEGAL_ADDRESS;
    for (size_t i = 0; i < p.batch; i++) {
        const Matrix a{p.a.at(i), type_of(p.a.type), (size_t) p.a.ld, p.op_a != OP_N};
        const Matrix b{p.b.at(i), type_of(p.b.type), (size_t) p.b.ld, p.op_b != OP_N};
        gemm(p.m, p.n, p.k, alpha, a, b, beta, const_cast<char*>(p.c.at(i)), type_of(p.c.type), p.c.ld, p.tf32);
    }
    return CUDA_SUCCESS;
}
}

BLAS_API cublasCreate_v2(void** handle) {
    if (emu::ready() != CUDA_SUCCESS) return NOT_INITIALIZED;
    *handle = new Handle;
    return SUCCESS;
}

BLAS_API cublasDestroy_v2(void* handle) {
    if (handle == nullptr) return NOT_INITIALIZED;
    delete &of(handle);
    return SUCCESS;
}

BLAS_API cublasGetVersion_v2(void*, int* version) {
    *version = CUBLAS_MAJOR * 10000 + 600;
    return SUCCESS;
}

BLAS_API cublasGetProperty(int which, int* value) {
    const int parts[] = {CUBLAS_MAJOR, 6, 0};
    if (which < 0 || which > 2) return INVALID_VALUE;
    *value = parts[which];
    return SUCCESS;
}

BLAS_API cublasSetStream_v2(void* handle, CUstream stream) {
    if (handle == nullptr) return NOT_INITIALIZED;
    of(handle).stream = stream;
    return SUCCESS;
}

BLAS_API cublasGetStream_v2(void* handle, CUstream* stream) {
    if (handle == nullptr) return NOT_INITIALIZED;
    *stream = of(handle).stream;
    return SUCCESS;
}

BLAS_API cublasSetMathMode(void* handle, int mode) {
    if (handle == nullptr) return NOT_INITIALIZED;
    constexpr int NO_REDUCED_PRECISION_REDUCTION = 16;
    const int base = mode & ~NO_REDUCED_PRECISION_REDUCTION;
    if (base != MATH_DEFAULT && base != MATH_PEDANTIC && base != MATH_TF32) return INVALID_VALUE;
    of(handle).math_mode = base;
    return SUCCESS;
}

BLAS_API cublasSetPointerMode_v2(void* handle, int mode) {
    if (handle == nullptr) return NOT_INITIALIZED;
    if (mode != POINTER_MODE_HOST && mode != POINTER_MODE_DEVICE) return INVALID_VALUE;
    of(handle).pointer_mode = mode;
    return SUCCESS;
}

/* Alignment is checked, use is not: the products here need no workspace. */
BLAS_API cublasSetWorkspace_v2(void* handle, void* workspace, size_t bytes) {
    if (handle == nullptr) return NOT_INITIALIZED;
    if (reinterpret_cast<uintptr_t>(workspace) % 256) return INVALID_VALUE;
    if (bytes > 0 && !emu::inside(reinterpret_cast<CUdeviceptr>(workspace), bytes, "cublasSetWorkspace")) return INVALID_VALUE;
    return SUCCESS;
}

BLAS_API cublasGemmStridedBatchedEx(void* handle, int op_a, int op_b, int m, int n, int k, const void* alpha, const void* a, int a_type, int lda,
                                    long long stride_a, const void* b, int b_type, int ldb, long long stride_b, const void* beta, void* c, int c_type, int ldc,
                                    long long stride_c, int batch, int compute, int) {
    if (handle == nullptr) return NOT_INITIALIZED;
    if (m < 0 || n < 0 || k < 0 || batch < 0 || op_a < OP_N || op_a > OP_C || op_b < OP_N || op_b > OP_C) return INVALID_VALUE;
    const int rows_a = op_a == OP_N ? m : k, rows_b = op_b == OP_N ? k : n;
    if (lda < std::max(1, rows_a) || ldb < std::max(1, rows_b) || ldc < std::max(1, m) || alpha == nullptr || beta == nullptr) return INVALID_VALUE;
    if (!allowed(a_type, b_type, c_type, compute)) return NOT_SUPPORTED;
    if (m == 0 || n == 0 || batch == 0) return SUCCESS;

    const Handle& h = of(handle);
    const size_t columns_a = op_a == OP_N ? k : m, columns_b = op_b == OP_N ? n : k;
    const bool tf32 = compute == COMPUTE_32F_FAST_TF32 || (h.math_mode == MATH_TF32 && compute == COMPUTE_32F && a_type == CUDA_R_32F);
    const Product product{op_a, op_b, (size_t) m, (size_t) n, (size_t) k, (size_t) batch, static_cast<const float*>(alpha), static_cast<const float*>(beta),
        {a, a_type, lda, stride_a, (size_t) rows_a, columns_a}, {b, b_type, ldb, stride_b, (size_t) rows_b, columns_b},
        {c, c_type, ldc, stride_c, (size_t) m, (size_t) n}, tf32};
    emu::Work work;
    if (h.pointer_mode == POINTER_MODE_HOST) work = [product, alpha = *product.alpha, beta = *product.beta] { return multiply(product, alpha, beta); };
    else work = [product] { return multiply(product, *product.alpha, *product.beta); };
    return emu::enqueue(h.stream, std::move(work)) == CUDA_SUCCESS ? SUCCESS : EXECUTION_FAILED;
}

BLAS_API cublasGemmEx(void* handle, int op_a, int op_b, int m, int n, int k, const void* alpha, const void* a, int a_type, int lda, const void* b, int b_type,
                      int ldb, const void* beta, void* c, int c_type, int ldc, int compute, int algorithm) {
    return cublasGemmStridedBatchedEx(handle, op_a, op_b, m, n, k, alpha, a, a_type, lda, 0, b, b_type, ldb, 0, beta, c, c_type, ldc, 0, 1, compute, algorithm);
}

BLAS_API cublasSgemmStridedBatched(void* handle, int op_a, int op_b, int m, int n, int k, const float* alpha, const float* a, int lda, long long stride_a,
                                   const float* b, int ldb, long long stride_b, const float* beta, float* c, int ldc, long long stride_c, int batch) {
    return cublasGemmStridedBatchedEx(handle, op_a, op_b, m, n, k, alpha, a, CUDA_R_32F, lda, stride_a, b, CUDA_R_32F, ldb, stride_b, beta, c, CUDA_R_32F, ldc,
                                      stride_c, batch, COMPUTE_32F, -1);
}

BLAS_API cublasSgemm_v2(void* handle, int op_a, int op_b, int m, int n, int k, const float* alpha, const float* a, int lda, const float* b, int ldb,
                        const float* beta, float* c, int ldc) {
    return cublasSgemmStridedBatched(handle, op_a, op_b, m, n, k, alpha, a, lda, 0, b, ldb, 0, beta, c, ldc, 0, 1);
}
