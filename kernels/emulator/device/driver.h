/* What all parts of the fake driver share: its lock, contexts, and the handles it gave out. */
#pragma once
#include <memory>
#include <mutex>
#include <unordered_map>

#include "../driver_api.h"
#include "../interface.h"
#include "settings.h"

namespace emu {

/* One call of the driver at a time. Work runs inside a call, and may enqueue no more. */
struct Lock {
    Lock();
    std::lock_guard<std::recursive_mutex> held;
};

struct Context {
    CUresult sticky = CUDA_SUCCESS;     /* what failed last; every further call says so, as on a device */
    int retained = 0;                   /* of the primary context */
};

/* The calling thread's, or null. */
Context* current_context();
/* Every context that lives. */
const std::unordered_map<const void*, std::unique_ptr<Context>>& contexts();

/* Objects by handle. A handle that was destroyed or never given out is not found, where a real driver would crash. */
template <class T>
class Handles {
public:
    template <class Handle>
    Handle add(std::unique_ptr<T> object) {
        T* address = object.get();
        live[address] = std::move(object);
        return reinterpret_cast<Handle>(address);
    }
    T* find(const void* handle) const {
        const auto found = live.find(handle);
        return found == live.end() ? nullptr : found->second.get();
    }
    bool remove(const void* handle) { return live.erase(handle) == 1; }
    template <class Condition>
    void remove_if(Condition condition) {
        for (auto it = live.begin(); it != live.end(); ) it = condition(*it->second) ? live.erase(it) : std::next(it);
    }

private:
    std::unordered_map<const void*, std::unique_ptr<T>> live;
};

/* Shared memory of a block: without and with cuFuncSetAttribute. The latter is the least of all devices of the generation. */
constexpr size_t SHARED_BYTES = 49152;
inline size_t shared_bytes_opt_in() { return settings().capability_major == 7 ? 65536 : 101376; }

/* What a context leaves behind when it is destroyed. */
void drop_streams(Context& context);
void drop_memory(Context& context);
void drop_modules(Context& context);
}

/* Returns from an entry point with an error, if there is one. */
#define EMU_TRY(expression) do { if (const CUresult error_ = (expression)) return error_; } while (0)
