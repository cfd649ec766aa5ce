#include "grid.h"

#include <link.h>

#include <algorithm>
#include <atomic>
#include <cstring>
#include <memory>
#include <mutex>
#include <new>
#include <numeric>
#include <random>
#include <vector>

#include "../interface.h"
#include "block.h"
#include "settings.h"

namespace emu {

static std::atomic<uint64_t> launches{0};

namespace {

/* The thread-local memory of the kernel's module on this OS thread: all its static __shared__ variables. */
struct SharedMemory {
    char* start = nullptr;
    size_t bytes = 0;

    explicit SharedMemory(char* inside) : start(inside) {
        dl_iterate_phdr(find, this);
    }

    static int find(dl_phdr_info* library, size_t, void* wanted) {
        SharedMemory& memory = *static_cast<SharedMemory*>(wanted);
        char* start = static_cast<char*>(library->dlpi_tls_data);
        if (start == nullptr) return 0;
        for (int i = 0; i < library->dlpi_phnum; i++) {
            const size_t bytes = library->dlpi_phdr[i].p_memsz;
            if (library->dlpi_phdr[i].p_type != PT_TLS || memory.start < start || memory.start >= start + bytes) continue;
            memory.start = start;
            memory.bytes = bytes;
            return 1;
        }
        return 0;
    }
};

struct DynamicMemory {
    static constexpr std::align_val_t ALIGNMENT{128};
    size_t bytes;
    unsigned char* start;

    /* Of exactly the size asked for, so that AddressSanitizer sees its end. */
    explicit DynamicMemory(size_t bytes) : bytes(bytes), start(static_cast<unsigned char*>(operator new(bytes, ALIGNMENT))) {}
    ~DynamicMemory() { operator delete(start, ALIGNMENT); }
    DynamicMemory(const DynamicMemory&) = delete;
};

std::vector<uint32_t> block_order(size_t count, Order order, unsigned seed) {
    std::vector<uint32_t> numbers(count);
    std::iota(numbers.begin(), numbers.end(), 0u);
    if (order == Order::reverse) std::reverse(numbers.begin(), numbers.end());
    if (order == Order::random) {
        std::mt19937 random(seed);
        std::shuffle(numbers.begin(), numbers.end(), random);
    }
    return numbers;
}
}

CUresult run_grid(const Grid& grid, const void* const* parameters) {
    launches++;
    const Order order = settings().order;
    const Launch launch{grid.kernel, parameters, grid.blocks, grid.threads, grid.dynamic_bytes, order, settings().seed};
    const size_t blocks = (size_t) grid.blocks.x * grid.blocks.y * grid.blocks.z;
    const std::vector<uint32_t> numbers = block_order(blocks, order, launch.seed);
    std::atomic<size_t> next{0};
    std::atomic<bool> failed{false};
    std::mutex report;

    auto work = [&](size_t) {
        const SharedMemory shared(static_cast<char*>(grid.touch_shared()));
        const DynamicMemory dynamic(grid.dynamic_bytes);
        block_here.threads = grid.threads;
        block_here.blocks = grid.blocks;
        block_here.dynamic = dynamic.start;
        for (size_t i; !failed && (i = next++) < blocks; ) {
            const uint32_t number = numbers[i];
            block_here.block = {number % grid.blocks.x, number / grid.blocks.x % grid.blocks.y, number / grid.blocks.x / grid.blocks.y};
            std::memset(shared.start, 0xff, shared.bytes);
            std::memset(dynamic.start, 0xff, dynamic.bytes);
            const std::string failure = Block::current().run(launch, number);
            if (failure.empty()) continue;
            std::lock_guard<std::mutex> lock(report);
            const uint3 b = block_here.block;
            if (!failed.exchange(true)) say("kernel %s, block (%u, %u, %u), %s", grid.kernel->name, b.x, b.y, b.z, failure.c_str());
        }
    };
    /* Waking the others takes longer than a small grid. */
    constexpr size_t SMALL = 4096;
    const size_t threads = (size_t) grid.threads.x * grid.threads.y * grid.threads.z;
    if (blocks * threads < SMALL) work(0);
    else parallel(std::min<size_t>(blocks, settings().threads), work);
    return failed ? CUDA_ERROR_LAUNCH_FAILED : CUDA_SUCCESS;
}
}

uint64_t emu_launches() {
    return emu::launches;
}
