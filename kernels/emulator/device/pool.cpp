#include "pool.h"

#include <algorithm>

#include "../interface.h"
#include "settings.h"

namespace emu {

void Pool::run(size_t parts, size_t workers, const std::function<void(size_t)>& part) {
    workers = std::min(workers, parts);
    if (workers <= 1) {
        for (size_t i = 0; i < parts; i++) part(i);
        return;
    }
    std::unique_lock<std::mutex> lock(mutex);
    while (helpers < workers - 1) std::thread(&Pool::help, this, helpers++).detach();
    this->part = &part;
    this->parts = parts;
    next = 0;
    wanted = workers - 1;
    job++;
    begun.notify_all();
    while (next < parts) {
        const size_t mine = next++;
        lock.unlock();
        part(mine);
        lock.lock();
    }
    finished.wait(lock, [this] { return busy == 0; });
}

void Pool::help(size_t index) {
    std::unique_lock<std::mutex> lock(mutex);
    uint64_t seen = 0;
    for (;;) {
        begun.wait(lock, [&] { return job != seen; });
        seen = job;
        if (index >= wanted) continue;
        busy++;
        while (next < parts) {
            const size_t mine = next++;
            lock.unlock();
            (*part)(mine);
            lock.lock();
        }
        if (--busy == 0) finished.notify_one();
    }
}

void parallel(size_t parts, const std::function<void(size_t)>& part) {
    static Pool& pool = *new Pool;      /* its threads live as long as the process: never destroyed */
    pool.run(parts, settings().threads, part);
}
}
