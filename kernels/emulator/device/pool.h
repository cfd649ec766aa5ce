/* OS threads that share work. One job at a time: callers hold the driver's lock. */
#pragma once
#include <condition_variable>
#include <functional>
#include <mutex>
#include <thread>

namespace emu {

class Pool {
public:
    /* Calls part(0) ... part(parts - 1) on at most `workers` threads, the caller among them; returns when all have returned. */
    void run(size_t parts, size_t workers, const std::function<void(size_t)>& part);

private:
    void help(size_t index);

    std::mutex mutex;
    std::condition_variable begun, finished;
    const std::function<void(size_t)>* part = nullptr;
    size_t parts = 0, next = 0;
    size_t helpers = 0, wanted = 0, busy = 0;       /* threads that exist, that this job may use, that work on it */
    uint64_t job = 0;
};
}
