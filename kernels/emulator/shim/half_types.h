/*
 * __half and __nv_bfloat16: 16 stored bits and conversions that round to nearest, ties to even, as cuda_fp16.h and cuda_bf16.h define them.
 * Arithmetic goes through float and rounds once: for one operation on such short numbers that gives the correctly rounded result.
 */
#pragma once
#include <cmath>
#include <cstdint>
#include <cstring>
#ifdef __F16C__
#include <immintrin.h>
#endif
#include "vector_types.h"

namespace emu {

template <class To, class From>
inline To bits_as(From value) {
    static_assert(sizeof(To) == sizeof(From), "same size");
    To result;
    std::memcpy(&result, &value, sizeof result);
    return result;
}

inline float half_to_float(uint16_t half) {
#ifdef __F16C__
    return _cvtsh_ss(half);
#else
    const uint32_t sign = (half & 0x8000u) << 16, exponent = half >> 10 & 0x1f, mantissa = half & 0x3ff;
    if (exponent == 0x1f) return bits_as<float>(sign | 0x7f800000u | mantissa << 13 | (mantissa ? 0x400000u : 0));   /* infinity, quiet NaN */
    if (exponent != 0) return bits_as<float>(sign | (exponent + 112) << 23 | mantissa << 13);
    return bits_as<float>(sign | bits_as<uint32_t>((float) mantissa * 0x1p-24f));                                     /* subnormal or zero: exact */
#endif
}

inline uint16_t float_to_half(float value) {
#ifdef __F16C__
    return _cvtss_sh(value, _MM_FROUND_TO_NEAREST_INT);
#else
    const uint32_t bits = bits_as<uint32_t>(value), sign = bits >> 16 & 0x8000, magnitude = bits & 0x7fffffff;
    if (magnitude > 0x7f800000) return sign | 0x7e00 | (magnitude >> 13 & 0x3ff);
    if (magnitude >= 0x477ff000) return sign | 0x7c00;                               /* 65520 and above round to infinity */
    if (magnitude < 0x38800000) {                                                    /* below 2^-14: the adder rounds to a multiple of 2^-24 */
        return sign | (bits_as<uint32_t>(bits_as<float>(magnitude) + 0.5f) - 0x3f000000);
    }
    return sign | (magnitude - 0x38000000 + 0xfff + (magnitude >> 13 & 1)) >> 13;
#endif
}

inline float bfloat16_to_float(uint16_t bits) { return bits_as<float>((uint32_t) bits << 16); }

inline uint16_t float_to_bfloat16(float value) {
    const uint32_t bits = bits_as<uint32_t>(value);
    if ((bits & 0x7fffffff) > 0x7f800000) return 0x7fff;
    return (bits + 0x7fff + (bits >> 16 & 1)) >> 16;
}
}

struct __half_raw { uint16_t x; };
struct __half {
    uint16_t bits;
    __half() = default;
    __half(float value) : bits(emu::float_to_half(value)) {}
    __half(__half_raw raw) : bits(raw.x) {}
    operator float() const { return emu::half_to_float(bits); }
};
typedef __half half;

struct __nv_bfloat16_raw { uint16_t x; };
struct __nv_bfloat16 {
    uint16_t bits;
    __nv_bfloat16() = default;
    __nv_bfloat16(float value) : bits(emu::float_to_bfloat16(value)) {}
    __nv_bfloat16(__nv_bfloat16_raw raw) : bits(raw.x) {}
    operator float() const { return emu::bfloat16_to_float(bits); }
};

struct alignas(4) __half2 { __half x, y; };
struct alignas(4) __nv_bfloat162 { __nv_bfloat16 x, y; };
typedef __half2 half2;

inline float __half2float(__half v) { return v; }
inline __half __float2half(float v) { return v; }
inline __half __float2half_rn(float v) { return v; }
inline float __bfloat162float(__nv_bfloat16 v) { return v; }
inline __nv_bfloat16 __float2bfloat16(float v) { return v; }
inline __nv_bfloat16 __float2bfloat16_rn(float v) { return v; }

inline __half2 __halves2half2(__half x, __half y) { return {x, y}; }
inline __half2 __half2half2(__half v) { return {v, v}; }
inline __half2 __float2half2_rn(float v) { return {v, v}; }
inline __half2 __floats2half2_rn(float x, float y) { return {x, y}; }
inline __half2 __float22half2_rn(float2 v) { return {v.x, v.y}; }
inline float2 __half22float2(__half2 v) { return {v.x, v.y}; }
inline __half __low2half(__half2 v) { return v.x; }
inline __half __high2half(__half2 v) { return v.y; }
inline float __low2float(__half2 v) { return v.x; }
inline float __high2float(__half2 v) { return v.y; }

inline __nv_bfloat162 __halves2bfloat162(__nv_bfloat16 x, __nv_bfloat16 y) { return {x, y}; }
inline __nv_bfloat162 __bfloat162bfloat162(__nv_bfloat16 v) { return {v, v}; }
inline __nv_bfloat162 __float2bfloat162_rn(float v) { return {v, v}; }
inline __nv_bfloat162 __floats2bfloat162_rn(float x, float y) { return {x, y}; }
inline __nv_bfloat162 __float22bfloat162_rn(float2 v) { return {v.x, v.y}; }
inline float2 __bfloat1622float2(__nv_bfloat162 v) { return {v.x, v.y}; }
inline float __low2float(__nv_bfloat162 v) { return v.x; }
inline float __high2float(__nv_bfloat162 v) { return v.y; }

inline unsigned short __half_as_ushort(__half v) { return v.bits; }
inline __half __ushort_as_half(unsigned short bits) { return __half_raw{bits}; }
inline unsigned short __bfloat16_as_ushort(__nv_bfloat16 v) { return v.bits; }
inline __nv_bfloat16 __ushort_as_bfloat16(unsigned short bits) { return __nv_bfloat16_raw{bits}; }

#define EMU_HALF_ARITHMETIC(type, pair) \
    inline type __hadd(type a, type b) { return (float) a + (float) b; } \
    inline type __hsub(type a, type b) { return (float) a - (float) b; } \
    inline type __hmul(type a, type b) { return (float) a * (float) b; } \
    inline type __hneg(type a) { return -(float) a; } \
    inline type __hmax(type a, type b) { return fmaxf(a, b); } \
    inline type __hmin(type a, type b) { return fminf(a, b); } \
    inline bool __hisnan(type a) { return std::isnan((float) a); } \
    inline pair __hadd2(pair a, pair b) { return {__hadd(a.x, b.x), __hadd(a.y, b.y)}; } \
    inline pair __hsub2(pair a, pair b) { return {__hsub(a.x, b.x), __hsub(a.y, b.y)}; } \
    inline pair __hmul2(pair a, pair b) { return {__hmul(a.x, b.x), __hmul(a.y, b.y)}; }
EMU_HALF_ARITHMETIC(__half, __half2)
EMU_HALF_ARITHMETIC(__nv_bfloat16, __nv_bfloat162)
#undef EMU_HALF_ARITHMETIC
