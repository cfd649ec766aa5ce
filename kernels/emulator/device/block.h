/*
 * One block at a time on one OS thread: every CUDA thread runs until it has to wait, in the chosen order, and waits on a stack of its own.
 */
#pragma once
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "../runtime.h"
#include "fiber.h"
#include "settings.h"

namespace emu {

/* A launch as the grid's blocks see it. */
struct Launch {
    const Kernel* kernel;
    const void* const* parameters;
    uint3 blocks, threads;
    size_t dynamic_bytes;
    Order order;
    unsigned seed;
};

class Block {
public:
    /* The one of this OS thread. */
    static Block& current();

    /* Runs one block; an empty string, or what went wrong. */
    std::string run(const Launch& launch, uint64_t number);

    void barrier(const char* file, int line);
    void warp_operation(unsigned mask, WarpOperation operation, void* operand);
    [[noreturn]] void fail(const std::string& reason);
    void copy_async(void* destination, const void* source, int bytes, int source_bytes);
    void copy_commit();
    void copy_wait(int pending);

private:
    enum class State : uint8_t { fresh, ready, at_barrier, at_warp_operation, done };

    struct AsyncCopy {
        void* destination;
        const void* source;
        int bytes, source_bytes, group;
    };

    struct Thread {
        Position position;
        State state;
        int warp;
        Fiber fiber;
        char* stack;
        unsigned mask;                  /* of the warp operation that it waits at */
        WarpOperation operation;
        void* operand;
        const char* file;               /* of the barrier that it waits at */
        int line;
        int group;                      /* of the next asynchronous copy */
        std::vector<AsyncCopy> copies;  /* not landed yet, oldest first */
    };

    struct Warp {
        unsigned alive, waiting;        /* lanes that have not returned; lanes at a warp operation */
        size_t first;                   /* where its lanes begin in the order; they are neighbours there */
    };

    void prepare(const Launch& launch, uint64_t number);
    void arrange(const Launch& launch, uint64_t number);
    Thread* next();
    void enter(Fiber& from, Thread& to, bool forever);
    void wait();
    void leave();
    bool complete(Warp& warp, Thread* lanes, unsigned mask);
    bool open_barrier();
    std::string stuck() const;
    static void run_threads();

    const Launch* launch = nullptr;
    Thread* running = nullptr;
    std::vector<Thread> threads;
    std::vector<Warp> warps;
    std::vector<int> order;
    size_t count = 0, alive = 0, cursor = 0;
    Fiber home;                         /* the OS thread itself: it resolves barriers and notices deadlocks */
    Stacks stacks;
    std::string failure;
};
}
