/*
 * What tests and the fake cuBLAS may ask of the fake driver beyond CUDA's own API.
 */
#pragma once
#include <functional>
#include "driver_api.h"

namespace emu {

/* Work of a stream. It runs when somebody waits for it, on the thread that waits; anything but CUDA_SUCCESS is sticky. */
typedef std::function<CUresult()> Work;

/* Appends work to a stream, or to the graph that the stream is recording. */
__attribute__((visibility("default"))) CUresult enqueue(CUstream stream, Work work);

/* Calls part(0) ... part(parts - 1), several at once. */
__attribute__((visibility("default"))) void parallel(size_t parts, const std::function<void(size_t)>& part);

/* Whether [address, address + bytes) lies in one live allocation; says on standard error who asked if not. */
__attribute__((visibility("default"))) bool inside(CUdeviceptr address, size_t bytes, const char* who);

/* CUDA_SUCCESS where this thread may call the driver: initialised, with a live context and no earlier failure. */
__attribute__((visibility("default"))) CUresult ready();
}

/* Order of threads in a block and of blocks in a grid: 0 forward, 1 reverse, 2 random with this seed. */
EMU_EXPORT void emu_set_order(int kind, int seed);
/* Where modules are looked for from now on, before beside libcuda.so.1. */
EMU_EXPORT void emu_set_modules(const char* folder);
/* Whether kernels and matrix products are only checked, not run: for counting what a large model allocates and launches. */
EMU_EXPORT void emu_set_idle(int idle);
/* OS threads that run a grid. */
EMU_EXPORT void emu_set_threads(int threads);
/* Device memory allocated now; allocations and kernel launches executed so far. */
EMU_EXPORT uint64_t emu_device_bytes();
EMU_EXPORT uint64_t emu_allocations();
EMU_EXPORT uint64_t emu_launches();
/* The last line on standard error, without its prefix. */
EMU_EXPORT const char* emu_last_message();
/* Forgets a sticky error, which on a device takes a new context. */
EMU_EXPORT void emu_reset_errors();
/* Marks a part of an allocation as out of bounds for kernels, and back; only AddressSanitizer looks. */
EMU_EXPORT void emu_poison(CUdeviceptr address, size_t bytes);
EMU_EXPORT void emu_unpoison(CUdeviceptr address, size_t bytes);
