#include "block.h"

#include <algorithm>
#include <cstring>
#include <numeric>
#include <random>

namespace emu {

__thread const Position* here;
__thread BlockPosition block_here;

static std::string text(const uint3& v) {
    return "(" + std::to_string(v.x) + ", " + std::to_string(v.y) + ", " + std::to_string(v.z) + ")";
}

Block& Block::current() {
    static thread_local Block block;
    return block;
}

/* Warp by warp; random shuffles the warps, and the lanes of each. */
void Block::arrange(const Launch& launch, uint64_t number) {
    order.resize(count);
    std::iota(order.begin(), order.end(), 0);
    if (launch.order == Order::reverse) std::reverse(order.begin(), order.end());
    if (launch.order == Order::random) {
        std::mt19937 random(launch.seed + 0x9e3779b9u * (unsigned) number);
        std::vector<int> shuffled(warps.size());
        std::iota(shuffled.begin(), shuffled.end(), 0);
        std::shuffle(shuffled.begin(), shuffled.end(), random);
        auto to = order.begin();
        for (int warp : shuffled) {
            const auto start = to;
            for (size_t i = warp * 32; i < std::min(count, warp * 32 + size_t{32}); i++) *to++ = i;
            std::shuffle(start, to, random);
        }
    }
    for (size_t i = count; i-- > 0; ) warps[order[i] / 32].first = i;
}

void Block::prepare(const Launch& launch, uint64_t number) {
    this->launch = &launch;
    count = alive = (size_t) launch.threads.x * launch.threads.y * launch.threads.z;
    cursor = 0;
    failure.clear();
    if (threads.size() < count) threads.resize(count);
    warps.assign((count + 31) / 32, Warp{});
    uint3 place = {0, 0, 0};
    for (size_t i = 0; i < count; i++) {
        Thread& thread = threads[i];
        thread.position = {place, (int) (i % 32)};
        if (++place.x == launch.threads.x) {
            place.x = 0;
            if (++place.y == launch.threads.y) { place.y = 0; place.z++; }
        }
        thread.state = State::fresh;
        thread.warp = i / 32;
        thread.group = 0;
        thread.copies.clear();
        warps[i / 32].alive |= 1u << i % 32;
    }
    arrange(launch, number);
}

std::string Block::run(const Launch& launch, uint64_t number) {
    prepare(launch, number);
    while (alive > 0 && failure.empty()) {
        if (Thread* thread = next()) enter(home, *thread, false);
        else if (!open_barrier()) failure = stuck();
    }
    running = nullptr;
    here = nullptr;
    if (!failure.empty()) {
        for (size_t i = 0; i < count; i++) {
            Thread& thread = threads[i];
            if (thread.state == State::fresh || thread.state == State::done) continue;
#if EMU_ASAN
            __asan_unpoison_memory_region(thread.stack, STACK_BYTES);     /* frames that never return */
#endif
            stacks.give_back(thread.stack);
        }
    }
    return failure;
}

/* The next in the order that can go on, from the cursor on. */
Block::Thread* Block::next() {
    for (size_t i = 0; i < count; i++) {
        Thread& thread = threads[order[cursor]];
        if (++cursor == count) cursor = 0;
        if (thread.state == State::fresh || thread.state == State::ready) return &thread;
    }
    return nullptr;
}

void Block::enter(Fiber& from, Thread& to, bool forever) {
    if (to.state == State::fresh) {
        to.stack = stacks.take();
        begin(to.fiber, to.stack, run_threads);
    }
    running = &to;
    here = &to.position;
    switch_fiber(from, to.fiber, forever);
}

/* Runs on a stack of its own: the thread that it was made for, then those after it that have not begun, until one has to wait. Most never switch. */
void Block::run_threads() {
    Block& block = current();
    arrived(&block.home);
    for (;;) {
        Thread& thread = *block.running;
        thread.state = State::ready;
        block.launch->kernel->call(block.launch->parameters);
        block.leave();
        Thread* following = block.failure.empty() ? block.next() : nullptr;
        if (following != nullptr && following->state == State::fresh) {
            following->stack = thread.stack;
            following->fiber.stack = thread.fiber.stack;
            following->fiber.stack_bytes = thread.fiber.stack_bytes;
            block.running = following;
            here = &following->position;
            continue;
        }
        block.stacks.give_back(thread.stack);      /* nobody takes it before the switch below */
        if (following != nullptr) block.enter(thread.fiber, *following, true);
        else switch_fiber(thread.fiber, block.home, true);
    }
}

/* The running thread has returned from the kernel; a warp operation may have waited for just that. */
void Block::leave() {
    Thread& thread = *running;
    thread.state = State::done;
    alive--;
    Warp& warp = warps[thread.warp];
    warp.alive &= ~(1u << thread.position.lane);
    Thread* lanes = &threads[(size_t) thread.warp * 32];
    for (unsigned waiting = warp.waiting; waiting != 0; waiting &= waiting - 1) complete(warp, lanes, lanes[__builtin_ctz(waiting)].mask);
}

/* The running thread cannot go on. */
void Block::wait() {
    Thread& thread = *running;
    if (Thread* following = next()) enter(thread.fiber, *following, false);
    else switch_fiber(thread.fiber, home);
}

void Block::fail(const std::string& reason) {
    failure = "thread " + text(running->position.thread) + ": " + reason;
    running->state = State::ready;                 /* not fresh, not done: run() takes its stack back */
    switch_fiber(running->fiber, home, true);
    __builtin_unreachable();
}

void Block::barrier(const char* file, int line) {
    running->state = State::at_barrier;
    running->file = file;
    running->line = line;
    wait();
}

/* True where every thread that still runs is at one and the same barrier. */
bool Block::open_barrier() {
    const Thread* first = nullptr;
    for (size_t i = 0; i < count; i++) {
        const Thread& thread = threads[i];
        if (thread.state == State::done) continue;
        if (thread.state != State::at_barrier) return false;
        if (first == nullptr) first = &thread;
        if (thread.line != first->line || std::strcmp(thread.file, first->file) != 0) return false;
    }
    for (size_t i = 0; i < count; i++) if (threads[i].state == State::at_barrier) threads[i].state = State::ready;
    cursor = 0;
    return true;
}

std::string Block::stuck() const {
    const Thread* barrier = nullptr;
    for (size_t i = 0; i < count; i++) {
        const Thread& thread = threads[i];
        if (thread.state == State::at_warp_operation) {
            const Warp& warp = warps[thread.warp];
            return "deadlock: thread " + text(thread.position.thread) + " waits at a warp operation for lanes that wait elsewhere (mask "
                + std::to_string(thread.mask) + ", there: " + std::to_string(warp.waiting) + ")";
        }
        if (thread.state != State::at_barrier) continue;
        if (barrier != nullptr && (barrier->line != thread.line || std::strcmp(barrier->file, thread.file) != 0)) {
            return "divergent __syncthreads: thread " + text(barrier->position.thread) + " waits at " + barrier->file + ":" + std::to_string(barrier->line)
                + ", thread " + text(thread.position.thread) + " at " + thread.file + ":" + std::to_string(thread.line);
        }
        if (barrier == nullptr) barrier = &thread;
    }
    return "deadlock";
}

void Block::warp_operation(unsigned mask, WarpOperation operation, void* operand) {
    Thread& thread = *running;
    Warp& warp = warps[thread.warp];
    if (!(mask >> thread.position.lane & 1)) fail("its lane is not in the mask of its own warp operation");
    thread.mask = mask;
    thread.operation = operation;
    thread.operand = operand;
    thread.state = State::at_warp_operation;
    warp.waiting |= 1u << thread.position.lane;
    if (complete(warp, &threads[(size_t) thread.warp * 32], mask)) return;
    wait();
}

/* Does the operation once the last lane of the mask is there. Lanes that have returned are not waited for. */
bool Block::complete(Warp& warp, Thread* lanes, unsigned mask) {
    const unsigned wanted = mask & warp.alive;
    if (wanted == 0 || (warp.waiting & wanted) != wanted) return false;
    const Thread& first = lanes[__builtin_ctz(wanted)];
    void* operands[32] = {};
    for (int lane = 0; lane < 32; lane++) {
        if (!(wanted >> lane & 1)) continue;
        if (lanes[lane].mask != mask) fail("lanes of one warp wait with different masks, for each other");
        if (lanes[lane].operation != first.operation) fail("lanes of one mask are at different warp operations");
        operands[lane] = lanes[lane].operand;
    }
    first.operation(wanted, operands);
    warp.waiting &= ~wanted;
    cursor = warp.first;        /* this warp goes on before others begin: the farther apart they are, the more a missing barrier shows */
    for (int lane = 0; lane < 32; lane++) if (wanted >> lane & 1) lanes[lane].state = State::ready;
    return true;
}

void Block::copy_async(void* destination, const void* source, int bytes, int source_bytes) {
    if ((uintptr_t) destination % bytes || (uintptr_t) source % bytes) fail("cp.async: addresses must be multiples of the size");
    if (source_bytes < 0 || source_bytes > bytes) fail("cp.async: more source bytes than bytes");
    std::memset(destination, 0xff, bytes);
    running->copies.push_back({destination, source, bytes, source_bytes, running->group});
}

void Block::copy_commit() {
    running->group++;
}

void Block::copy_wait(int pending) {
    std::vector<AsyncCopy>& copies = running->copies;
    size_t landed = 0;
    while (landed < copies.size() && copies[landed].group < running->group - pending) {
        const AsyncCopy& copy = copies[landed++];
        std::memcpy(copy.destination, copy.source, copy.source_bytes);
        std::memset(static_cast<char*>(copy.destination) + copy.source_bytes, 0, copy.bytes - copy.source_bytes);
    }
    copies.erase(copies.begin(), copies.begin() + landed);
}

void barrier(const char* file, int line) { Block::current().barrier(file, line); }
void warp_operation(unsigned mask, WarpOperation operation, void* operand) { Block::current().warp_operation(mask, operation, operand); }
void fail(const char* reason) { Block::current().fail(reason); }
void copy_async(void* destination, const void* source, int bytes, int source_bytes) { Block::current().copy_async(destination, source, bytes, source_bytes); }
void copy_commit() { Block::current().copy_commit(); }
void copy_wait(int pending) { Block::current().copy_wait(pending); }
}
