/* Copies and fills. Ranges on the device are checked when called, as a real driver does. */
#include <algorithm>
#include <cstring>
#include <vector>

#include "memory.h"
#include "stream.h"

using namespace emu;

namespace {

template <class T>
T* device(CUdeviceptr address) {
    return reinterpret_cast<T*>(address);
}

/* A copy that returns when it is done: on the legacy stream, which waits for blocking streams and for no others. */
CUresult blocking(const char* call, Work work) {
    EMU_TRY(allowed_in_capture(call));
    EMU_TRY(enqueue_on(&legacy_stream(), std::move(work)));
    drain(legacy_stream());
    return ready();
}

/* Pageable memory cannot be reached from the device, so a capture cannot hold the copy. */
CUresult pageable_allowed(Stream* stream, const char* call) {
    if (stream == nullptr) return CUDA_ERROR_INVALID_HANDLE;
    if (!stream->capture) return CUDA_SUCCESS;
    stream->capture->invalid = true;
    say("%s of pageable memory while the stream is capturing: the capture is lost", call);
    return CUDA_ERROR_STREAM_CAPTURE_UNSUPPORTED;
}

template <class T>
CUresult fill(CUdeviceptr to, T value, size_t count, Stream* stream, const char* call) {
    if (!inside(to, count * sizeof(T), call) || to % sizeof(T)) return CUDA_ERROR_INVALID_VALUE;
    return enqueue_on(stream, [=] {
        std::fill_n(device<T>(to), count, value);
        return CUDA_SUCCESS;
    });
}
}

CU_API cuMemcpyHtoD_v2(CUdeviceptr to, const void* from, size_t bytes) {
    Lock lock;
    EMU_TRY(ready());
    if (!inside(to, bytes, "cuMemcpyHtoD")) return CUDA_ERROR_INVALID_VALUE;
    return blocking("cuMemcpyHtoD", [=] { std::memcpy(device<void>(to), from, bytes); return CUDA_SUCCESS; });
}

CU_API cuMemcpyDtoH_v2(void* to, CUdeviceptr from, size_t bytes) {
    Lock lock;
    EMU_TRY(ready());
    if (!inside(from, bytes, "cuMemcpyDtoH")) return CUDA_ERROR_INVALID_VALUE;
    return blocking("cuMemcpyDtoH", [=] { std::memcpy(to, device<void>(from), bytes); return CUDA_SUCCESS; });
}

CU_API cuMemcpyHtoDAsync_v2(CUdeviceptr to, const void* from, size_t bytes, CUstream on) {
    Lock lock;
    EMU_TRY(ready());
    if (!inside(to, bytes, "cuMemcpyHtoDAsync")) return CUDA_ERROR_INVALID_VALUE;
    Stream* stream = find_stream(on);
    if (page_locked(from, bytes)) return enqueue_on(stream, [=] { std::memcpy(device<void>(to), from, bytes); return CUDA_SUCCESS; });
    EMU_TRY(pageable_allowed(stream, "cuMemcpyHtoDAsync"));
    const char* start = static_cast<const char*>(from);
    return enqueue_on(stream, [to, staged = std::vector<char>(start, start + bytes)] {
        std::memcpy(device<void>(to), staged.data(), staged.size());
        return CUDA_SUCCESS;
    });
}

/* To pageable memory the real call, too, returns only when the bytes are there. */
CU_API cuMemcpyDtoHAsync_v2(void* to, CUdeviceptr from, size_t bytes, CUstream on) {
    Lock lock;
    EMU_TRY(ready());
    if (!inside(from, bytes, "cuMemcpyDtoHAsync")) return CUDA_ERROR_INVALID_VALUE;
    Stream* stream = find_stream(on);
    const bool pageable = !page_locked(to, bytes);
    if (pageable) EMU_TRY(pageable_allowed(stream, "cuMemcpyDtoHAsync"));
    EMU_TRY(enqueue_on(stream, [=] { std::memcpy(to, device<void>(from), bytes); return CUDA_SUCCESS; }));
    if (pageable) drain(*stream);
    return ready();
}

CU_API cuMemcpyDtoDAsync_v2(CUdeviceptr to, CUdeviceptr from, size_t bytes, CUstream on) {
    Lock lock;
    EMU_TRY(ready());
    if (!inside(to, bytes, "cuMemcpyDtoDAsync") || !inside(from, bytes, "cuMemcpyDtoDAsync")) return CUDA_ERROR_INVALID_VALUE;
    if (to < from + bytes && from < to + bytes && bytes > 0) {
        say("cuMemcpyDtoDAsync: the ranges overlap");
        return CUDA_ERROR_INVALID_VALUE;
    }
    return enqueue_on(find_stream(on), [=] { std::memcpy(device<void>(to), device<void>(from), bytes); return CUDA_SUCCESS; });
}

/* On a device this call does not wait either. */
CU_API cuMemcpyDtoD_v2(CUdeviceptr to, CUdeviceptr from, size_t bytes) {
    Lock lock;
    EMU_TRY(ready());
    EMU_TRY(allowed_in_capture("cuMemcpyDtoD"));
    return cuMemcpyDtoDAsync_v2(to, from, bytes, nullptr);
}

CU_API cuMemsetD8Async(CUdeviceptr to, unsigned char value, size_t count, CUstream on) {
    Lock lock;
    EMU_TRY(ready());
    return fill(to, value, count, find_stream(on), "cuMemsetD8Async");
}

CU_API cuMemsetD16Async(CUdeviceptr to, unsigned short value, size_t count, CUstream on) {
    Lock lock;
    EMU_TRY(ready());
    return fill(to, value, count, find_stream(on), "cuMemsetD16Async");
}

CU_API cuMemsetD32Async(CUdeviceptr to, unsigned value, size_t count, CUstream on) {
    Lock lock;
    EMU_TRY(ready());
    return fill(to, value, count, find_stream(on), "cuMemsetD32Async");
}

CU_API cuMemsetD8_v2(CUdeviceptr to, unsigned char value, size_t count) {
    Lock lock;
    EMU_TRY(ready());
    EMU_TRY(allowed_in_capture("cuMemsetD8"));
    return cuMemsetD8Async(to, value, count, nullptr);
}

CU_API cuMemsetD32_v2(CUdeviceptr to, unsigned value, size_t count) {
    Lock lock;
    EMU_TRY(ready());
    EMU_TRY(allowed_in_capture("cuMemsetD32"));
    return cuMemsetD32Async(to, value, count, nullptr);
}
