/*
 * Allocation. Each one is a block of its own, so that AddressSanitizer sees both ends. Fresh memory is all ones: NaN as float, half and bfloat16, -1 as int.
 */
#include "memory.h"

#include <cstdlib>
#include <cstring>
#include <deque>
#include <map>

#include "fiber.h"
#include "stream.h"

namespace emu {

namespace {
constexpr int POISON = 0xff;
constexpr size_t DEVICE_ALIGNMENT = 512, PAGE = 4096;

struct Allocation {
    size_t bytes;
    Context* context;
};

/* Freed blocks are kept a while, all ones, so that who reads them still sees NaN and not somebody else's numbers. */
class Quarantine {
public:
    void take(void* block, size_t bytes) {
        std::memset(block, POISON, bytes);
        blocks.push_back({block, bytes});
        total += bytes;
        while (total > LIMIT) {
            total -= blocks.front().second;
            std::free(blocks.front().first);
            blocks.pop_front();
        }
    }

private:
    static constexpr size_t LIMIT = 64 << 20;
    std::deque<std::pair<void*, size_t>> blocks;
    size_t total = 0;
};

struct Memory {
    std::map<CUdeviceptr, Allocation> device;
    std::map<const char*, size_t> host;         /* page-locked */
    Quarantine quarantine;
    size_t used = 0;
    uint64_t allocations = 0;
};

Memory& memory() {
    static Memory& all = *new Memory;
    return all;
}

/* The entry of `blocks` that begins at or before `address`, or its end. */
template <class Blocks, class Address>
auto block_before(Blocks& blocks, Address address) {
    auto after = blocks.upper_bound(address);
    return after == blocks.begin() ? blocks.end() : std::prev(after);
}

void release(CUdeviceptr address, size_t bytes) {
    memory().used -= bytes;
    void* block = reinterpret_cast<void*>(address);
#if EMU_ASAN
    __asan_unpoison_memory_region(block, bytes);
    std::free(block);               /* the sanitizer has a quarantine of its own */
#else
    memory().quarantine.take(block, bytes);
#endif
}

CUresult allocate(CUdeviceptr* address, size_t bytes) {
    if (bytes == 0) return CUDA_ERROR_INVALID_VALUE;
    if (bytes > settings().memory - memory().used) return CUDA_ERROR_OUT_OF_MEMORY;
    void* block;
    if (posix_memalign(&block, DEVICE_ALIGNMENT, bytes)) return CUDA_ERROR_OUT_OF_MEMORY;
    std::memset(block, POISON, bytes);
    *address = reinterpret_cast<CUdeviceptr>(block);
    memory().device[*address] = {bytes, current_context()};
    memory().used += bytes;
    memory().allocations++;
    return CUDA_SUCCESS;
}
}

bool inside(CUdeviceptr address, size_t bytes, const char* who) {
    Lock lock;
    const auto block = block_before(memory().device, address);
    if (block != memory().device.end() && address + bytes >= address && address + bytes <= block->first + block->second.bytes) return true;
    say("%s: [%#llx, +%zu) is not inside one allocation of device memory", who, (unsigned long long) address, bytes);
    return false;
}

bool page_locked(const void* host, size_t bytes) {
    const char* start = static_cast<const char*>(host);
    const auto block = block_before(memory().host, start);
    return block != memory().host.end() && start + bytes <= block->first + block->second;
}

void drop_memory(Context& context) {
    auto& device = memory().device;
    for (auto it = device.begin(); it != device.end(); ) {
        if (it->second.context == &context) {
            release(it->first, it->second.bytes);
            it = device.erase(it);
        } else {
            ++it;
        }
    }
}
}

using namespace emu;

CU_API cuMemGetInfo_v2(size_t* free, size_t* total) {
    Lock lock;
    EMU_TRY(ready());
    *total = settings().memory;
    *free = *total - memory().used;
    return CUDA_SUCCESS;
}

CU_API cuMemAlloc_v2(CUdeviceptr* address, size_t bytes) {
    Lock lock;
    EMU_TRY(ready());
    EMU_TRY(allowed_in_capture("cuMemAlloc"));
    return allocate(address, bytes);
}

/* Waits for everything that runs: it might use the memory. */
CU_API cuMemFree_v2(CUdeviceptr address) {
    Lock lock;
    EMU_TRY(ready());
    EMU_TRY(allowed_in_capture("cuMemFree"));
    if (address == 0) return CUDA_SUCCESS;
    const auto block = memory().device.find(address);
    if (block == memory().device.end()) return CUDA_ERROR_INVALID_VALUE;
    drain_all();
    release(address, block->second.bytes);
    memory().device.erase(block);
    return ready();
}

CU_API cuMemGetAddressRange_v2(CUdeviceptr* start, size_t* bytes, CUdeviceptr address) {
    Lock lock;
    EMU_TRY(ready());
    const auto block = block_before(memory().device, address);
    if (block == memory().device.end() || address >= block->first + block->second.bytes) return CUDA_ERROR_NOT_FOUND;
    if (start) *start = block->first;
    if (bytes) *bytes = block->second.bytes;
    return CUDA_SUCCESS;
}

CU_API cuMemHostAlloc(void** host, size_t bytes, unsigned) {
    Lock lock;
    EMU_TRY(ready());
    EMU_TRY(allowed_in_capture("cuMemHostAlloc"));
    if (bytes == 0) return CUDA_ERROR_INVALID_VALUE;
    if (posix_memalign(host, PAGE, bytes)) return CUDA_ERROR_OUT_OF_MEMORY;
    std::memset(*host, POISON, bytes);
    memory().host[static_cast<const char*>(*host)] = bytes;
    return CUDA_SUCCESS;
}

CU_API cuMemAllocHost_v2(void** host, size_t bytes) {
    return cuMemHostAlloc(host, bytes, 0);
}

CU_API cuMemFreeHost(void* host) {
    Lock lock;
    EMU_TRY(ready());
    EMU_TRY(allowed_in_capture("cuMemFreeHost"));
    if (memory().host.find(static_cast<const char*>(host)) == memory().host.end()) return CUDA_ERROR_INVALID_VALUE;
    drain_all();
    memory().host.erase(static_cast<const char*>(host));
    std::free(host);
    return ready();
}

uint64_t emu_device_bytes() {
    Lock lock;
    return memory().used;
}

uint64_t emu_allocations() {
    Lock lock;
    return memory().allocations;
}

void emu_poison(CUdeviceptr address, size_t bytes) {
#if EMU_ASAN
    __asan_poison_memory_region(reinterpret_cast<void*>(address), bytes);
#else
    (void) address, (void) bytes;
#endif
}

void emu_unpoison(CUdeviceptr address, size_t bytes) {
#if EMU_ASAN
    __asan_unpoison_memory_region(reinterpret_cast<void*>(address), bytes);
#else
    (void) address, (void) bytes;
#endif
}
