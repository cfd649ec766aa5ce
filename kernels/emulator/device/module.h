/* Modules: kernels by name, with the limits of each. */
#pragma once
#include <map>
#include <memory>
#include <string>

#include "driver.h"
#include "grid.h"

namespace emu {

struct Function {
    const Kernel* kernel;
    void* (*touch_shared)();        /* of its module */
    int max_threads;                /* __launch_bounds__ */
    size_t static_shared, max_dynamic;
};

struct Module {
    Context* context;
    std::map<std::string, std::unique_ptr<Function>> functions;
};

/* The function of a handle, or null. */
Function* find_function(CUfunction handle);
}
