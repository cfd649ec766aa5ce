#include "fiber.h"

#include <sys/mman.h>

#include <cstdint>
#include <cstdio>
#include <cstdlib>

/* void emu_switch(void** save, void* to): what a function must keep goes onto the old stack and comes from the new one (System V ABI, x86-64). */
extern "C" void emu_switch(void** save, void* to);
asm(R"(
    .text
    .globl emu_switch
    .hidden emu_switch
    .type emu_switch, @function
emu_switch:
    push %rbp
    push %rbx
    push %r12
    push %r13
    push %r14
    push %r15
    mov %rsp, (%rdi)
    mov %rsi, %rsp
    pop %r15
    pop %r14
    pop %r13
    pop %r12
    pop %rbx
    pop %rbp
    ret
    .size emu_switch, . - emu_switch
)");

namespace emu {

constexpr int SAVED_REGISTERS = 6;

void begin(Fiber& fiber, char* stack, void (*start)()) {
    /* Stacks lie a power of two apart: without an offset of its own the top of each would fall into the same few cache lines. */
    const size_t offset = ((uintptr_t) stack / STACK_BYTES * 37 % 64) * 64;
    void** top = reinterpret_cast<void**>(stack + STACK_BYTES - 64 - offset);
    top[0] = reinterpret_cast<void*>(start);     /* what emu_switch returns to */
    top[1] = nullptr;                            /* start's own return address: none */
    for (int i = 1; i <= SAVED_REGISTERS; i++) top[-i] = nullptr;
    fiber.stack_pointer = top - SAVED_REGISTERS;
    fiber.stack = stack;
    fiber.stack_bytes = STACK_BYTES;
    fiber.asan_fake_stack = nullptr;
}

void switch_fiber(Fiber& from, Fiber& to, bool forever) {
#if EMU_ASAN
    __sanitizer_start_switch_fiber(forever ? nullptr : &from.asan_fake_stack, to.stack, to.stack_bytes);
#else
    (void) forever;
#endif
    emu_switch(&from.stack_pointer, to.stack_pointer);
#if EMU_ASAN
    __sanitizer_finish_switch_fiber(from.asan_fake_stack, nullptr, nullptr);
#endif
}

void arrived(Fiber* from) {
#if EMU_ASAN
    const void* stack;
    size_t bytes;
    __sanitizer_finish_switch_fiber(nullptr, &stack, &bytes);
    if (from->stack == nullptr) {       /* the OS thread's own stack: the sanitizer alone knows where it is */
        from->stack = stack;
        from->stack_bytes = bytes;
    }
#else
    (void) from;
#endif
}

char* Stacks::take() {
    if (free.empty()) {
        /* Many at once: each mapping counts against the limit of the process. Pages exist once touched. */
        constexpr size_t COUNT = 64;
        void* memory = mmap(nullptr, COUNT * STACK_BYTES, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
        if (memory == MAP_FAILED) {
            std::perror("emulator: no memory for stacks");
            std::abort();
        }
        for (size_t i = COUNT; i-- > 0; ) free.push_back(static_cast<char*>(memory) + i * STACK_BYTES);
    }
    char* stack = free.back();
    free.pop_back();
    return stack;
}

void Stacks::give_back(char* stack) {
    free.push_back(stack);
}
}
