#include "settings.h"

#include <algorithm>
#include <cstdarg>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <mutex>
#include <thread>

#include "../interface.h"

namespace emu {

static void refuse(const char* name, const char* value) {
    say("%s=%s is not understood; see docs/emulator.md", name, value);
    std::abort();
}

Settings::Settings() : threads(std::max(1u, std::thread::hardware_concurrency())) {
    if (const char* value = std::getenv("FREECP_EMU_ORDER")) {
        unsigned chosen = 0;
        if (!std::strcmp(value, "reverse")) order = Order::reverse;
        else if (std::sscanf(value, "random:%u", &chosen) == 1) { order = Order::random; seed = chosen; }
        else if (std::strcmp(value, "forward")) refuse("FREECP_EMU_ORDER", value);
    }
    if (const char* value = std::getenv("FREECP_EMU_THREADS")) {
        const int wanted = std::atoi(value);
        if (wanted < 1) refuse("FREECP_EMU_THREADS", value);
        threads = wanted;
    }
    if (const char* value = std::getenv("FREECP_EMU_MEMORY")) {
        if (std::sscanf(value, "%zu", &memory) != 1) refuse("FREECP_EMU_MEMORY", value);
    }
    if (const char* value = std::getenv("FREECP_EMU_CC")) {
        if (std::sscanf(value, "%d.%d", &capability_major, &capability_minor) != 2) refuse("FREECP_EMU_CC", value);
    }
    if (const char* value = std::getenv("FREECP_EMU_DRIVER")) {
        if (std::sscanf(value, "%d", &driver) != 1) refuse("FREECP_EMU_DRIVER", value);
    }
}

Settings& settings() {
    static Settings chosen;
    return chosen;
}

static char line[1024];

void say(const char* format, ...) {
    static std::mutex one_at_a_time;
    std::lock_guard<std::mutex> lock(one_at_a_time);
    va_list arguments;
    va_start(arguments, format);
    std::vsnprintf(line, sizeof line, format, arguments);
    va_end(arguments);
    std::fprintf(stderr, "emulator: %s\n", line);
}
}

void emu_set_order(int kind, int seed) {
    emu::settings().order = static_cast<emu::Order>(kind);
    emu::settings().seed = seed;
}

void emu_set_idle(int idle) {
    emu::settings().idle = idle != 0;
}

void emu_set_threads(int threads) {
    emu::settings().threads = std::max(1, threads);
}

const char* emu_last_message() {
    return emu::line;
}
