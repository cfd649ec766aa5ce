/* Entry points for events. */
#include "stream.h"

using namespace emu;

static Handles<Event>& events() {
    static Handles<Event>& all = *new Handles<Event>;
    return all;
}

CU_API cuEventCreate(CUevent* handle, unsigned flags) {
    Lock lock;
    EMU_TRY(ready());
    *handle = events().add<CUevent>(std::make_unique<Event>(Event{flags, nullptr, {}, false}));
    return CUDA_SUCCESS;
}

CU_API cuEventDestroy_v2(CUevent handle) {
    Lock lock;
    return events().remove(handle) ? CUDA_SUCCESS : CUDA_ERROR_INVALID_HANDLE;
}

CU_API cuEventRecord(CUevent handle, CUstream on) {
    Lock lock;
    EMU_TRY(ready());
    Event* event = events().find(handle);
    Stream* stream = find_stream(on);
    if (event == nullptr || stream == nullptr) return CUDA_ERROR_INVALID_HANDLE;
    event->captured = stream->capture != nullptr;
    event->captured_in = stream->capture;
    event->mark = nullptr;
    if (event->captured) return stream->capture->invalid ? CUDA_ERROR_STREAM_CAPTURE_INVALIDATED : CUDA_SUCCESS;
    event->mark = std::make_shared<Mark>(Mark{stream});
    append(*stream, {nullptr, nullptr, event->mark});
    return CUDA_SUCCESS;
}

CU_API cuStreamWaitEvent(CUstream on, CUevent handle, unsigned) {
    Lock lock;
    EMU_TRY(ready());
    Event* event = events().find(handle);
    Stream* stream = find_stream(on);
    if (event == nullptr || stream == nullptr) return CUDA_ERROR_INVALID_HANDLE;
    if (event->captured || stream->capture) {
        /* A capture is one line of work here: what it recorded itself has happened before, and it can wait for nothing else. */
        if (stream->capture && event->captured_in.lock() == stream->capture) return CUDA_SUCCESS;
        if (stream->capture) stream->capture->invalid = true;
        say("cuStreamWaitEvent across a capture; captures with several streams are not emulated");
        return CUDA_ERROR_STREAM_CAPTURE_ISOLATION;
    }
    if (event->mark && !event->mark->reached) append(*stream, {nullptr, event->mark, nullptr});
    return CUDA_SUCCESS;
}

CU_API cuEventSynchronize(CUevent handle) {
    Lock lock;
    EMU_TRY(ready());
    Event* event = events().find(handle);
    if (event == nullptr) return CUDA_ERROR_INVALID_HANDLE;
    EMU_TRY(allowed_in_capture("cuEventSynchronize"));
    if (event->captured) return CUDA_ERROR_CAPTURED_EVENT;
    if (event->mark) run_until(event->mark);
    return ready();
}

/* As with cuStreamQuery, each question lets the stream take one step. */
CU_API cuEventQuery(CUevent handle) {
    Lock lock;
    EMU_TRY(ready());
    Event* event = events().find(handle);
    if (event == nullptr) return CUDA_ERROR_INVALID_HANDLE;
    EMU_TRY(allowed_in_capture("cuEventQuery"));
    if (event->captured) return CUDA_ERROR_CAPTURED_EVENT;
    if (!event->mark || event->mark->reached) return CUDA_SUCCESS;
    step(*event->mark->stream);
    return CUDA_ERROR_NOT_READY;
}

/* Milliseconds of this machine: a device would have taken others. */
CU_API cuEventElapsedTime(float* milliseconds, CUevent start, CUevent end) {
    Lock lock;
    EMU_TRY(ready());
    const Event* from = events().find(start);
    const Event* to = events().find(end);
    if (from == nullptr || to == nullptr || !from->mark || !to->mark) return CUDA_ERROR_INVALID_HANDLE;
    if ((from->flags | to->flags) & CU_EVENT_DISABLE_TIMING) return CUDA_ERROR_INVALID_HANDLE;
    if (!from->mark->reached || !to->mark->reached) return CUDA_ERROR_NOT_READY;
    *milliseconds = std::chrono::duration<float, std::milli>(to->mark->time - from->mark->time).count();
    return CUDA_SUCCESS;
}
