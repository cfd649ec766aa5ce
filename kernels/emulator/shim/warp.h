/* Operations of a whole warp: shuffles, votes, reductions. Each is one emu::warp_operation over the operands of the lanes that take part. */
#pragma once

namespace emu {

constexpr int WARP_LANES = 32;

/* Runs body(lanes, operands) for the warp, with operands typed. */
template <class Operand, class Body>
inline void for_warp(unsigned mask, Operand& mine, Body) {
    warp_operation(mask, [](unsigned lanes, void* const* operands) { Body::run(lanes, reinterpret_cast<Operand* const*>(operands)); }, &mine);
}

template <class T>
struct Shuffled {
    T value;
    int source;     /* lane to read */
    T result;
};

/* A lane that takes no part has nothing to give: undefined on a device, poison here. */
struct Shuffle {
    template <class T>
    static void run(unsigned lanes, Shuffled<T>* const* operands) {
        for (int lane = 0; lane < WARP_LANES; lane++) {
            if (!(lanes >> lane & 1)) continue;
            Shuffled<T>& own = *operands[lane];
            if (lanes >> own.source & 1) own.result = operands[own.source]->value;
            else std::memset((void*) &own.result, 0xff, sizeof(T));
        }
    }
};

template <class T>
inline T shuffle(unsigned mask, T value, int source) {
    Shuffled<T> mine{value, source, value};
    for_warp(mask, mine, Shuffle{});
    return mine.result;
}

template <class T>
struct Reduced {
    T value;
};

struct Sum { template <class T> static T of(T a, T b) { return a + b; } };
struct Largest { template <class T> static T of(T a, T b) { return a > b ? a : b; } };
struct Smallest { template <class T> static T of(T a, T b) { return a < b ? a : b; } };
struct BitAnd { template <class T> static T of(T a, T b) { return a & b; } };
struct BitOr { template <class T> static T of(T a, T b) { return a | b; } };

template <class Combine>
struct Reduction {
    template <class T>
    static void run(unsigned lanes, Reduced<T>* const* operands) {
        int first = __builtin_ctz(lanes);
        T total = operands[first]->value;
        for (int lane = first + 1; lane < WARP_LANES; lane++) if (lanes >> lane & 1) total = Combine::of(total, operands[lane]->value);
        for (int lane = first; lane < WARP_LANES; lane++) if (lanes >> lane & 1) operands[lane]->value = total;
    }
};

template <class Combine, class T>
inline T reduce(unsigned mask, T value) {
    static_assert(std::is_integral_v<T>, "as on a device: __reduce_*_sync takes integers");
    Reduced<T> mine{value};
    for_warp(mask, mine, Reduction<Combine>{});
    return mine.value;
}

struct Meeting { static void run(unsigned, int* const*) {} };
}

inline void __syncwarp(unsigned mask = 0xffffffffu) {
    int nothing = 0;
    emu::for_warp(mask, nothing, emu::Meeting{});
}

/* Shuffles stay within segments of `width` lanes; a source outside the own segment means the own value. */
template <class T>
inline T __shfl_sync(unsigned mask, T value, int source, int width = 32) {
    const int lane = emu::here->lane;
    return emu::shuffle(mask, value, (lane & ~(width - 1)) | (source & (width - 1)));
}
template <class T>
inline T __shfl_xor_sync(unsigned mask, T value, int lane_mask, int width = 32) {
    const int lane = emu::here->lane, source = lane ^ lane_mask;
    return emu::shuffle(mask, value, (source | (width - 1)) <= (lane | (width - 1)) ? source : lane);
}
template <class T>
inline T __shfl_down_sync(unsigned mask, T value, unsigned delta, int width = 32) {
    const int lane = emu::here->lane;
    return emu::shuffle(mask, value, (lane & (width - 1)) + (int) delta < width ? lane + (int) delta : lane);
}
template <class T>
inline T __shfl_up_sync(unsigned mask, T value, unsigned delta, int width = 32) {
    const int lane = emu::here->lane;
    return emu::shuffle(mask, value, (lane & (width - 1)) >= (int) delta ? lane - (int) delta : lane);
}

inline unsigned __ballot_sync(unsigned mask, int predicate) { return emu::reduce<emu::BitOr>(mask, predicate ? 1u << emu::here->lane : 0u); }
inline int __any_sync(unsigned mask, int predicate) { return emu::reduce<emu::BitOr>(mask, predicate ? 1 : 0); }
inline int __all_sync(unsigned mask, int predicate) { return emu::reduce<emu::BitAnd>(mask, predicate ? 1 : 0); }

template <class T> inline T __reduce_add_sync(unsigned mask, T value) { return emu::reduce<emu::Sum>(mask, value); }
template <class T> inline T __reduce_max_sync(unsigned mask, T value) { return emu::reduce<emu::Largest>(mask, value); }
template <class T> inline T __reduce_min_sync(unsigned mask, T value) { return emu::reduce<emu::Smallest>(mask, value); }
template <class T> inline T __reduce_and_sync(unsigned mask, T value) { return emu::reduce<emu::BitAnd>(mask, value); }
template <class T> inline T __reduce_or_sync(unsigned mask, T value) { return emu::reduce<emu::BitOr>(mask, value); }
