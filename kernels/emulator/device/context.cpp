/* Entry points for the device and its contexts. */
#include <algorithm>
#include <cstdio>
#include <cstring>
#include <thread>
#include <vector>

#include "driver.h"
#include "stream.h"

namespace emu {

static std::recursive_mutex& driver_mutex() {
    static std::recursive_mutex& mutex = *new std::recursive_mutex;     /* still there when the JVM's last threads end */
    return mutex;
}

Lock::Lock() : held(driver_mutex()) {}

namespace {
bool initialised = false;
std::unordered_map<const void*, std::unique_ptr<Context>> live;
Context* primary = nullptr;
thread_local std::vector<Context*> bound;       /* this thread's stack of contexts; the last is current */
}

const std::unordered_map<const void*, std::unique_ptr<Context>>& contexts() {
    return live;
}

Context* current_context() {
    return bound.empty() || !live.count(bound.back()) ? nullptr : bound.back();
}

CUresult ready() {
    if (!initialised) return CUDA_ERROR_NOT_INITIALIZED;
    const Context* context = current_context();
    return context == nullptr ? CUDA_ERROR_INVALID_CONTEXT : context->sticky;
}

static Context* create() {
    auto context = std::make_unique<Context>();
    Context* address = context.get();
    live[address] = std::move(context);
    return address;
}

static void destroy(Context* context) {
    drop_streams(*context);
    drop_modules(*context);
    drop_memory(*context);
    live.erase(context);
}

static CUresult device_exists(CUdevice device) {
    if (!initialised) return CUDA_ERROR_NOT_INITIALIZED;
    return device == 0 ? CUDA_SUCCESS : CUDA_ERROR_INVALID_DEVICE;
}

/* Zero for what nobody asked for yet. */
static int attribute(int which) {
    switch (which) {
        case 1: case 2: case 3: return 1024;            /* threads a block, its x and y */
        case 4: return 64;                              /* its z */
        case 5: return 0x7fffffff;                      /* blocks along x */
        case 6: case 7: return 65535;                   /* along y and z */
        case 8: return SHARED_BYTES;                          /* shared memory a block */
        case 10: return 32;                             /* lanes a warp */
        case 12: case 82: return 65536;                 /* registers a block, a multiprocessor */
        case 13: return 1000000;                        /* clock, kHz */
        case 16: return settings().threads;             /* multiprocessors */
        case 36: return 1000000;                        /* memory clock, kHz */
        case 37: return 256;                            /* memory bus, bits */
        case 38: return 4 << 20;                        /* L2, bytes */
        case 39: return 2048;                           /* threads a multiprocessor */
        case 40: case 41: case 115: return 1;           /* async copy engines, unified addressing, memory pools */
        case 75: return settings().capability_major;
        case 76: return settings().capability_minor;
        case 81: return 102400;                         /* shared memory a multiprocessor */
        case 97: return shared_bytes_opt_in();
        case 106: return 16;                            /* blocks a multiprocessor */
        default: return 0;
    }
}
}

using namespace emu;

CU_API cuInit(unsigned flags) {
    Lock lock;
    if (flags != 0) return CUDA_ERROR_INVALID_VALUE;
    initialised = true;
    return CUDA_SUCCESS;
}

CU_API cuDriverGetVersion(int* version) {
    *version = settings().driver;
    return CUDA_SUCCESS;
}

CU_API cuDeviceGetCount(int* count) {
    Lock lock;
    if (!initialised) return CUDA_ERROR_NOT_INITIALIZED;
    *count = 1;
    return CUDA_SUCCESS;
}

CU_API cuDeviceGet(CUdevice* device, int ordinal) {
    Lock lock;
    EMU_TRY(device_exists(ordinal));
    *device = 0;
    return CUDA_SUCCESS;
}

CU_API cuDeviceGetName(char* name, int length, CUdevice device) {
    Lock lock;
    EMU_TRY(device_exists(device));
    std::snprintf(name, length, "FreeCP emulator");
    return CUDA_SUCCESS;
}

CU_API cuDeviceTotalMem_v2(size_t* bytes, CUdevice device) {
    Lock lock;
    EMU_TRY(device_exists(device));
    *bytes = settings().memory;
    return CUDA_SUCCESS;
}

CU_API cuDeviceGetAttribute(int* value, int which, CUdevice device) {
    Lock lock;
    EMU_TRY(device_exists(device));
    *value = attribute(which);
    return CUDA_SUCCESS;
}

CU_API cuCtxCreate_v2(CUcontext* context, unsigned, CUdevice device) {
    Lock lock;
    EMU_TRY(device_exists(device));
    bound.push_back(create());
    *context = reinterpret_cast<CUcontext>(bound.back());
    return CUDA_SUCCESS;
}

CU_API cuCtxDestroy_v2(CUcontext handle) {
    Lock lock;
    Context* context = reinterpret_cast<Context*>(handle);
    if (!live.count(context)) return CUDA_ERROR_INVALID_CONTEXT;
    if (!bound.empty() && bound.back() == context) bound.pop_back();
    destroy(context);
    return CUDA_SUCCESS;
}

CU_API cuCtxSetCurrent(CUcontext handle) {
    Lock lock;
    Context* context = reinterpret_cast<Context*>(handle);
    if (context != nullptr && !live.count(context)) return CUDA_ERROR_INVALID_CONTEXT;
    if (!bound.empty()) bound.pop_back();
    if (context != nullptr) bound.push_back(context);
    return CUDA_SUCCESS;
}

CU_API cuCtxPushCurrent_v2(CUcontext handle) {
    Lock lock;
    Context* context = reinterpret_cast<Context*>(handle);
    if (!live.count(context)) return CUDA_ERROR_INVALID_CONTEXT;
    bound.push_back(context);
    return CUDA_SUCCESS;
}

CU_API cuCtxPopCurrent_v2(CUcontext* handle) {
    Lock lock;
    if (bound.empty()) return CUDA_ERROR_INVALID_CONTEXT;
    if (handle != nullptr) *handle = reinterpret_cast<CUcontext>(bound.back());
    bound.pop_back();
    return CUDA_SUCCESS;
}

CU_API cuCtxGetCurrent(CUcontext* handle) {
    Lock lock;
    if (!initialised) return CUDA_ERROR_NOT_INITIALIZED;
    *handle = reinterpret_cast<CUcontext>(current_context());
    return CUDA_SUCCESS;
}

CU_API cuCtxGetDevice(CUdevice* device) {
    Lock lock;
    if (current_context() == nullptr) return CUDA_ERROR_INVALID_CONTEXT;
    *device = 0;
    return CUDA_SUCCESS;
}

CU_API cuDevicePrimaryCtxRetain(CUcontext* handle, CUdevice device) {
    Lock lock;
    EMU_TRY(device_exists(device));
    if (primary == nullptr) primary = create();
    primary->retained++;
    *handle = reinterpret_cast<CUcontext>(primary);
    return CUDA_SUCCESS;
}

CU_API cuDevicePrimaryCtxRelease_v2(CUdevice device) {
    Lock lock;
    EMU_TRY(device_exists(device));
    if (primary == nullptr) return CUDA_ERROR_INVALID_CONTEXT;
    if (--primary->retained == 0) {
        destroy(primary);
        primary = nullptr;
    }
    return CUDA_SUCCESS;
}

CU_API cuGetErrorString(CUresult error, const char** text) {
    static thread_local char message[64];
    std::snprintf(message, sizeof message, "CUDA error %d of the emulator", (int) error);
    *text = message;
    return CUDA_SUCCESS;
}

void emu_reset_errors() {
    Lock lock;
    for (auto& [address, context] : live) context->sticky = CUDA_SUCCESS;
}
