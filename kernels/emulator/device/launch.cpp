/* Entry points that launch kernels, and their limits. */
#include <cstring>
#include <vector>

#include "module.h"
#include "stream.h"

using namespace emu;

namespace {
enum { MAX_THREADS_PER_BLOCK = 0, SHARED_SIZE_BYTES = 1, NUM_REGS = 4, MAX_DYNAMIC_SHARED_SIZE_BYTES = 8, PREFERRED_SHARED_MEMORY_CARVEOUT = 9 };

CUresult refuse(const Function& function, const char* what, size_t value, size_t limit) {
    say("kernel %s: %s %zu, at most %zu and at least 1", function.kernel->name, what, value, limit);
    return CUDA_ERROR_INVALID_VALUE;
}

CUresult check_limits(const Function& function, uint3 blocks, uint3 threads, size_t dynamic_bytes) {
    const auto within = [](unsigned value, unsigned limit) { return value >= 1 && value <= limit; };
    if (!within(blocks.x, 0x7fffffff)) return refuse(function, "blocks along x", blocks.x, 0x7fffffff);
    if (!within(blocks.y, 65535)) return refuse(function, "blocks along y", blocks.y, 65535);
    if (!within(blocks.z, 65535)) return refuse(function, "blocks along z", blocks.z, 65535);
    if (!within(threads.x, 1024)) return refuse(function, "threads along x", threads.x, 1024);
    if (!within(threads.y, 1024)) return refuse(function, "threads along y", threads.y, 1024);
    if (!within(threads.z, 64)) return refuse(function, "threads along z", threads.z, 64);
    const size_t count = (size_t) threads.x * threads.y * threads.z;
    if (count > (size_t) function.max_threads) return refuse(function, "threads a block", count, function.max_threads);
    if (dynamic_bytes > function.max_dynamic) return refuse(function, "bytes of dynamic shared memory", dynamic_bytes, function.max_dynamic);
    return CUDA_SUCCESS;
}

/* The launch's own copy of the parameters: the caller's are gone when it runs. */
class Parameters {
public:
    Parameters(const Kernel& kernel, void* const* values) {
        for (int i = 0; i < kernel.count; i++) {
            const char* value = static_cast<const char*>(values[i]);
            copies.emplace_back(value, value + kernel.sizes[i]);
        }
    }
    std::vector<const void*> addresses() const {
        std::vector<const void*> all;
        for (const std::vector<char>& copy : copies) all.push_back(copy.data());
        return all;
    }

private:
    std::vector<std::vector<char>> copies;      /* malloc aligns each for any type */
};
}

CU_API cuLaunchKernel(CUfunction handle, unsigned blocks_x, unsigned blocks_y, unsigned blocks_z, unsigned threads_x, unsigned threads_y, unsigned threads_z,
                      unsigned dynamic_bytes, CUstream stream, void** values, void** extra) {
    Lock lock;
    EMU_TRY(ready());
    const Function* function = find_function(handle);
    if (function == nullptr) return CUDA_ERROR_INVALID_HANDLE;
    if (extra != nullptr || (values == nullptr && function->kernel->count > 0)) return CUDA_ERROR_INVALID_VALUE;
    const uint3 blocks{blocks_x, blocks_y, blocks_z}, threads{threads_x, threads_y, threads_z};
    EMU_TRY(check_limits(*function, blocks, threads, dynamic_bytes));
    if (settings().idle) return CUDA_SUCCESS;
    const Grid grid{function->kernel, function->touch_shared, blocks, threads, dynamic_bytes};
    return enqueue_on(find_stream(stream), [grid, parameters = Parameters(*function->kernel, values)] {
        return run_grid(grid, parameters.addresses().data());
    });
}

CU_API cuFuncSetAttribute(CUfunction handle, int attribute, int value) {
    Lock lock;
    EMU_TRY(ready());
    Function* function = find_function(handle);
    if (function == nullptr) return CUDA_ERROR_INVALID_HANDLE;
    if (attribute == PREFERRED_SHARED_MEMORY_CARVEOUT) return CUDA_SUCCESS;
    if (attribute != MAX_DYNAMIC_SHARED_SIZE_BYTES || value < 0 || value + function->static_shared > shared_bytes_opt_in()) return CUDA_ERROR_INVALID_VALUE;
    function->max_dynamic = value;
    return CUDA_SUCCESS;
}

CU_API cuFuncGetAttribute(int* value, int attribute, CUfunction handle) {
    Lock lock;
    EMU_TRY(ready());
    const Function* function = find_function(handle);
    if (function == nullptr) return CUDA_ERROR_INVALID_HANDLE;
    switch (attribute) {
        case MAX_THREADS_PER_BLOCK: *value = function->max_threads; break;
        case SHARED_SIZE_BYTES: *value = function->static_shared; break;
        case NUM_REGS: *value = 32; break;
        case MAX_DYNAMIC_SHARED_SIZE_BYTES: *value = function->max_dynamic; break;
        default: *value = 0;
    }
    return CUDA_SUCCESS;
}

CU_API cuFuncSetCacheConfig(CUfunction handle, int) {
    Lock lock;
    return find_function(handle) ? CUDA_SUCCESS : CUDA_ERROR_INVALID_HANDLE;
}
