/* CUDA's vector types, with CUDA's sizes and alignments. */
#pragma once
#include <cstdint>

#define EMU_VECTOR(base, name, ALIGN2, ALIGN4) \
    struct name##1 { base x; }; \
    struct alignas(ALIGN2) name##2 { base x, y; }; \
    struct name##3 { base x, y, z; }; \
    struct alignas(ALIGN4) name##4 { base x, y, z, w; }; \
    static inline name##2 make_##name##2(base x, base y) { return {x, y}; } \
    static inline name##3 make_##name##3(base x, base y, base z) { return {x, y, z}; } \
    static inline name##4 make_##name##4(base x, base y, base z, base w) { return {x, y, z, w}; }

EMU_VECTOR(float, float, 8, 16)
EMU_VECTOR(double, double, 16, 16)
EMU_VECTOR(int32_t, int, 8, 16)
EMU_VECTOR(uint32_t, uint, 8, 16)
EMU_VECTOR(int16_t, short, 4, 8)
EMU_VECTOR(uint16_t, ushort, 4, 8)
EMU_VECTOR(int8_t, char, 2, 4)
EMU_VECTOR(uint8_t, uchar, 2, 4)
#undef EMU_VECTOR

struct dim3 {
    uint32_t x, y, z;
    constexpr dim3(uint32_t x = 1, uint32_t y = 1, uint32_t z = 1) : x(x), y(y), z(z) {}
};
