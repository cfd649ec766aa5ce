/*
 * What is loaded is the PTX that ships; what runs is the same source compiled by g++, found beside this library by the module's name. That both declare the
 * same kernels with the same parameters is checked here.
 */
#include "module.h"

#include <dlfcn.h>
#include <unistd.h>

#include <set>

#include "ptx.h"
#include "stream.h"

namespace emu {

namespace {
Handles<Module>& modules() {
    static Handles<Module>& all = *new Handles<Module>;
    return all;
}

std::set<const Function*>& functions() {
    static std::set<const Function*>& all = *new std::set<const Function*>;
    return all;
}

std::string own_folder() {
    Dl_info own;
    dladdr(reinterpret_cast<void*>(&own_folder), &own);
    const std::string path = own.dli_fname;
    return path.substr(0, path.rfind('/'));
}

std::string& module_folder() {
    static std::string& folder = *new std::string(own_folder());
    return folder;
}

const Kernel* find_kernel(const Kernel* table, const std::string& name) {
    for (; table->name != nullptr; table++) if (name == table->name) return table;
    return nullptr;
}

bool same_parameters(const PtxEntry& entry, const Kernel& kernel) {
    const std::vector<size_t> compiled(kernel.sizes, kernel.sizes + kernel.count);
    if (entry.parameter_bytes == compiled) return true;
    auto list = [](const std::vector<size_t>& sizes) {
        std::string text;
        for (size_t bytes : sizes) text += " " + std::to_string(bytes);
        return text;
    };
    say("kernel %s: its PTX has parameters of%s bytes, its source%s", kernel.name, list(entry.parameter_bytes).c_str(), list(compiled).c_str());
    return false;
}

/* CUDA 11.8 reads PTX up to 7.8, CUDA 12.6 up to 8.6, and so on; a device runs what was made for it or an older one. */
CUresult readable(const Ptx& ptx) {
    const Settings& s = settings();
    const int newest = 10 * (s.driver / 1000 - 4) + s.driver % 1000 / 10, capability = 10 * s.capability_major + s.capability_minor;
    if (ptx.version > newest) {
        say("module %s: PTX %d, but the driver reads at most %d", ptx.module.c_str(), ptx.version, newest);
        return CUDA_ERROR_UNSUPPORTED_PTX_VERSION;
    }
    if (ptx.target > capability) {
        say("module %s: for compute capability %d, but the device has %d", ptx.module.c_str(), ptx.target, capability);
        return CUDA_ERROR_INVALID_PTX;
    }
    return CUDA_SUCCESS;
}

CUresult load(CUmodule* handle, const char* text) {
    Lock lock;
    EMU_TRY(ready());
    EMU_TRY(allowed_in_capture("cuModuleLoadData"));
    const Ptx ptx(text);
    if (ptx.module.empty() || ptx.entries.empty()) {
        say("cuModuleLoadData: not a PTX file of this project, which begins with \"// freecp NAME\" and has an .entry");
        return CUDA_ERROR_INVALID_IMAGE;
    }
    EMU_TRY(readable(ptx));
    const std::string chosen = module_folder() + "/" + ptx.module + ".so", path = access(chosen.c_str(), F_OK) == 0 ? chosen : own_folder() + "/" + ptx.module + ".so";
    void* library = dlopen(path.c_str(), RTLD_NOW | RTLD_LOCAL);
    if (library == nullptr) {
        say("module %s: %s", ptx.module.c_str(), dlerror());
        return CUDA_ERROR_NO_BINARY_FOR_GPU;
    }
    const Kernel* table = static_cast<const Kernel*>(dlsym(library, EMU_KERNEL_TABLE));
    const auto touch_shared = reinterpret_cast<void* (*)()>(dlsym(library, EMU_TOUCH_SHARED));
    auto module = std::make_unique<Module>(Module{current_context(), {}});
    for (const PtxEntry& entry : ptx.entries) {
        const Kernel* kernel = find_kernel(table, entry.name);
        if (kernel == nullptr) {
            say("module %s: its PTX has the kernel %s, its source has not", ptx.module.c_str(), entry.name.c_str());
            return CUDA_ERROR_NOT_FOUND;
        }
        if (!same_parameters(entry, *kernel)) return CUDA_ERROR_INVALID_IMAGE;
        if (entry.shared_bytes > SHARED_BYTES) {
            say("kernel %s: %zu bytes of static shared memory, at most %zu", kernel->name, entry.shared_bytes, SHARED_BYTES);
            return CUDA_ERROR_INVALID_IMAGE;
        }
        module->functions[entry.name].reset(new Function{kernel, touch_shared, entry.max_threads, entry.shared_bytes, SHARED_BYTES - entry.shared_bytes});
    }
    for (const auto& [name, function] : module->functions) functions().insert(function.get());
    *handle = modules().add<CUmodule>(std::move(module));
    return CUDA_SUCCESS;
}

void forget(const Module& module) {
    for (const auto& [name, function] : module.functions) functions().erase(function.get());
}
}

Function* find_function(CUfunction handle) {
    Function* function = reinterpret_cast<Function*>(handle);
    return functions().count(function) ? function : nullptr;
}

void drop_modules(Context& context) {
    modules().remove_if([&](const Module& module) {
        if (module.context != &context) return false;
        forget(module);
        return true;
    });
}
}

using namespace emu;

CU_API cuModuleLoadData(CUmodule* module, const void* image) {
    return load(module, static_cast<const char*>(image));
}

CU_API cuModuleLoadDataEx(CUmodule* module, const void* image, unsigned, int*, void**) {
    return load(module, static_cast<const char*>(image));
}

CU_API cuModuleUnload(CUmodule handle) {
    Lock lock;
    EMU_TRY(ready());
    EMU_TRY(allowed_in_capture("cuModuleUnload"));
    const Module* module = modules().find(handle);
    if (module == nullptr) return CUDA_ERROR_INVALID_HANDLE;
    drain_all();
    forget(*module);
    modules().remove(handle);
    return ready();
}

CU_API cuModuleGetFunction(CUfunction* handle, CUmodule module_handle, const char* name) {
    Lock lock;
    EMU_TRY(ready());
    const Module* module = modules().find(module_handle);
    if (module == nullptr) return CUDA_ERROR_INVALID_HANDLE;
    const auto found = module->functions.find(name);
    if (found == module->functions.end()) return CUDA_ERROR_NOT_FOUND;
    *handle = reinterpret_cast<CUfunction>(found->second.get());
    return CUDA_SUCCESS;
}

void emu_set_modules(const char* folder) {
    Lock lock;
    module_folder() = folder;
}
