/*
 * Stacks to run a block's threads on, and the switch from one to another: a few instructions, no system call. AddressSanitizer is told of every switch.
 */
#pragma once
#include <cstddef>
#include <vector>

#if defined(__SANITIZE_ADDRESS__)
#define EMU_ASAN 1
#include <sanitizer/asan_interface.h>
#include <sanitizer/common_interface_defs.h>
#else
#define EMU_ASAN 0
#endif

namespace emu {

/* Red zones make frames larger. */
constexpr size_t STACK_BYTES = EMU_ASAN ? 256 << 10 : 128 << 10;

/* Where a context stands that is not running now: on a stack of its own, or the OS thread's. */
struct Fiber {
    void* stack_pointer = nullptr;
    const void* stack = nullptr;        /* lowest address */
    size_t stack_bytes = 0;
    void* asan_fake_stack = nullptr;
};

/* Prepares `fiber` to begin with start() on this stack. start must not return. */
void begin(Fiber& fiber, char* stack, void (*start)());

/* Leaves `from` for `to` and comes back when somebody switches to `from`. With `forever` nobody will. */
void switch_fiber(Fiber& from, Fiber& to, bool forever = false);

/* What a context calls first, with the one that it was entered from. */
void arrived(Fiber* from);

/* Stacks of one OS thread, used again and again; the one given back last comes first, while it is in the cache. */
class Stacks {
public:
    char* take();
    void give_back(char* stack);

private:
    std::vector<char*> free;
};
}
