/* Runs all blocks of a launch. */
#pragma once
#include <cstdint>

#include "../driver_api.h"
#include "../runtime.h"

namespace emu {

struct Grid {
    const Kernel* kernel;
    void* (*touch_shared)();            /* of the kernel's module */
    uint3 blocks, threads;
    size_t dynamic_bytes;
};

/* CUDA_SUCCESS, or CUDA_ERROR_LAUNCH_FAILED after a line on standard error that names kernel, block and thread. */
CUresult run_grid(const Grid& grid, const void* const* parameters);
}
