/* What a test may choose: by FREECP_EMU_* in the environment, or while running through interface.h. */
#pragma once
#include <atomic>
#include <cstddef>

namespace emu {

enum class Order { forward, reverse, random };

struct Settings {
    std::atomic<Order> order{Order::forward};   /* FREECP_EMU_ORDER = forward, reverse or random:SEED */
    std::atomic<unsigned> seed{0};
    std::atomic<unsigned> threads{1};           /* FREECP_EMU_THREADS; otherwise one a core */
    std::atomic<bool> idle{false};              /* launches and products are checked, and not run */
    size_t memory = size_t{2} << 30;            /* FREECP_EMU_MEMORY, bytes */
    int capability_major = 8;                   /* FREECP_EMU_CC = MAJOR.MINOR */
    int capability_minor = 0;
    int driver = 12060;                         /* FREECP_EMU_DRIVER = 1000 * major + 10 * minor of CUDA */

    Settings();
};

/* Read from the environment on the first call. */
Settings& settings();

/* One line on standard error, after "emulator: ". */
void say(const char* format, ...) __attribute__((format(printf, 1, 2)));
}
