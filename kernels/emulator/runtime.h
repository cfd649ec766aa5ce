/*
 * What kernels compiled by g++ and the fake driver know of each other. The shim turns CUDA's words into calls of these functions; block.cpp implements them.
 */
#pragma once
#include <cstddef>
#include <cstdint>
#include "shim/vector_types.h"

namespace emu {

/* A warp-wide operation runs once, by the lane that arrives last, over the operands of all: operands[lane] is null where a lane takes no part. */
typedef void (*WarpOperation)(unsigned lanes, void* const* operands);

/* Where the running thread stands: what threadIdx, blockIdx and the like read. */
struct Position {
    uint3 thread;
    int lane;
};
struct BlockPosition {
    uint3 block;
    uint3 threads, blocks;      /* blockDim, gridDim */
    unsigned char* dynamic;     /* dynamic shared memory */
};

#define EMU_SHARED __attribute__((visibility("default")))
/* A block never changes its OS thread, so these are plain thread-locals. initial-exec makes threadIdx one load. */
extern EMU_SHARED __thread const Position* here __attribute__((tls_model("initial-exec")));
extern EMU_SHARED __thread BlockPosition block_here __attribute__((tls_model("initial-exec")));

/* __syncthreads(); the source line says which one, because the compiler may have made several calls of it. */
EMU_SHARED void barrier(const char* file, int line);
/* Waits until every lane of the mask that still runs has come with the same operation, which is then done for all. */
EMU_SHARED void warp_operation(unsigned mask, WarpOperation operation, void* operand);
/* Ends the launch with an error that names kernel, block and thread. */
[[noreturn]] EMU_SHARED void fail(const char* reason);

/* cp.async: the destination is poisoned now and filled no earlier than the wait demands; the bytes beyond source_bytes become zero. */
EMU_SHARED void copy_async(void* destination, const void* source, int bytes, int source_bytes);
EMU_SHARED void copy_commit();
/* All but the latest `pending` committed groups have landed. */
EMU_SHARED void copy_wait(int pending);

/* One kernel of a module: what the driver needs to call it with the parameters of a launch. */
struct Kernel {
    const char* name;
    void (*call)(const void* const* parameters);
    int count;
    const size_t* sizes;
};

/* What a module's library shows: its kernels, ended by one without a name, and a way to have its shared memory created for this OS thread. */
#define EMU_KERNEL_TABLE "emu_kernels"
#define EMU_TOUCH_SHARED "emu_touch_shared"
}
