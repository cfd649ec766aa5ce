/* CUDA's built-in functions of a single thread: bit casts, roundings, loads, integer atomics and those float functions that C does not have. */
#pragma once

inline float __int_as_float(int v) { return emu::bits_as<float>(v); }
inline int __float_as_int(float v) { return emu::bits_as<int>(v); }
inline float __uint_as_float(unsigned v) { return emu::bits_as<float>(v); }
inline unsigned __float_as_uint(float v) { return emu::bits_as<unsigned>(v); }

/* A device converts out-of-range values to the nearest int and NaN to 0; C leaves both undefined. */
inline int __float2int_rz(float v) { return v != v ? 0 : v >= 0x1p31f ? INT32_MAX : v < -0x1p31f ? INT32_MIN : (int) v; }
inline int __float2int_rn(float v) { return __float2int_rz(rintf(v)); }
inline int __float2int_rd(float v) { return __float2int_rz(floorf(v)); }
inline int __float2int_ru(float v) { return __float2int_rz(ceilf(v)); }
inline float __int2float_rn(int v) { return (float) v; }
inline float __uint2float_rn(unsigned v) { return (float) v; }

inline float rsqrtf(float v) { return 1.0f / sqrtf(v); }
inline float __frcp_rn(float v) { return 1.0f / v; }
inline float __fsqrt_rn(float v) { return sqrtf(v); }
inline float __fadd_rn(float a, float b) { return a + b; }
inline float __fsub_rn(float a, float b) { return a - b; }
inline float __fmul_rn(float a, float b) { return a * b; }
inline float __fdiv_rn(float a, float b) { return a / b; }
inline float __fmaf_rn(float a, float b, float c) { return fmaf(a, b, c); }
inline float __fdividef(float a, float b) { return a / b; }
inline float __expf(float v) { return expf(v); }
inline float __logf(float v) { return logf(v); }
inline float __saturatef(float v) { return v > 0.0f ? fminf(v, 1.0f) : 0.0f; }

inline int __popc(unsigned v) { return __builtin_popcount(v); }
inline int __clz(int v) { return v ? __builtin_clz(v) : 32; }
inline int __ffs(int v) { return __builtin_ffs(v); }
inline unsigned __umulhi(unsigned a, unsigned b) { return (uint64_t) a * b >> 32; }

/* On floats these are fmaxf and fminf: a NaN loses against a number. */
template <class A, class B, class C = std::common_type_t<A, B>>
inline C max(A a, B b) {
    if constexpr (std::is_floating_point_v<C>) return fmax((C) a, (C) b); else return (C) a > (C) b ? (C) a : (C) b;
}
template <class A, class B, class C = std::common_type_t<A, B>>
inline C min(A a, B b) {
    if constexpr (std::is_floating_point_v<C>) return fmin((C) a, (C) b); else return (C) a < (C) b ? (C) a : (C) b;
}

template <class T> inline T __ldg(const T* p) { return *p; }
template <class T> inline T __ldcs(const T* p) { return *p; }
template <class T> inline T __ldcg(const T* p) { return *p; }
template <class T> inline void __stcs(T* p, std::common_type_t<T> v) { *p = v; }
template <class T> inline void __stcg(T* p, std::common_type_t<T> v) { *p = v; }

inline void __threadfence() { __atomic_thread_fence(__ATOMIC_SEQ_CST); }
inline void __threadfence_block() {}
[[noreturn]] inline void __trap() { emu::fail("__trap"); }

namespace emu {
/* Blocks run on several OS threads: truly atomic. Floats are left out, because their sums would depend on the order. */
template <class T, class Change>
inline T atomically(T* address, Change change) {
    static_assert(std::is_integral_v<T>, "no atomics on floats: the same input gives the same bits");
    T old = __atomic_load_n(address, __ATOMIC_RELAXED);
    while (!__atomic_compare_exchange_n(address, &old, change(old), false, __ATOMIC_RELAXED, __ATOMIC_RELAXED)) {}
    return old;
}
}
template <class T> inline T atomicAdd(T* p, std::common_type_t<T> v) { return emu::atomically(p, [=](T old) { return T(old + v); }); }
template <class T> inline T atomicSub(T* p, std::common_type_t<T> v) { return emu::atomically(p, [=](T old) { return T(old - v); }); }
template <class T> inline T atomicMax(T* p, std::common_type_t<T> v) { return emu::atomically(p, [=](T old) { return old > v ? old : v; }); }
template <class T> inline T atomicMin(T* p, std::common_type_t<T> v) { return emu::atomically(p, [=](T old) { return old < v ? old : v; }); }
template <class T> inline T atomicAnd(T* p, std::common_type_t<T> v) { return emu::atomically(p, [=](T old) { return T(old & v); }); }
template <class T> inline T atomicOr(T* p, std::common_type_t<T> v) { return emu::atomically(p, [=](T old) { return T(old | v); }); }
template <class T> inline T atomicExch(T* p, std::common_type_t<T> v) { return emu::atomically(p, [=](T) { return v; }); }
template <class T> inline T atomicCAS(T* p, std::common_type_t<T> wanted, std::common_type_t<T> v) {
    return emu::atomically(p, [=](T old) { return old == wanted ? v : old; });
}
