/* Entry points for stream capture and graphs. A graph here is a line: the work of one stream in its order. */
#include "stream.h"

using namespace emu;

namespace {
Handles<Graph>& graphs() {
    static Handles<Graph>& all = *new Handles<Graph>;
    return all;
}

/* A launch that has not run yet keeps what it will run. */
struct Executable {
    std::shared_ptr<const Graph> graph;
};

Handles<Executable>& executables() {
    static Handles<Executable>& all = *new Handles<Executable>;
    return all;
}
}

CU_API cuStreamBeginCapture_v2(CUstream handle, int mode) {
    Lock lock;
    EMU_TRY(ready());
    Stream* stream = find_stream(handle);
    if (stream == nullptr) return CUDA_ERROR_INVALID_HANDLE;
    if (stream == &legacy_stream()) return CUDA_ERROR_STREAM_CAPTURE_UNSUPPORTED;
    if (stream->capture) return CUDA_ERROR_ILLEGAL_STATE;
    if (mode < CU_STREAM_CAPTURE_MODE_GLOBAL || mode > CU_STREAM_CAPTURE_MODE_RELAXED) return CUDA_ERROR_INVALID_VALUE;
    stream->capture = std::make_shared<Capture>(Capture{mode, std::this_thread::get_id(), false, {}});
    return CUDA_SUCCESS;
}

CU_API cuStreamIsCapturing(CUstream handle, int* status) {
    Lock lock;
    EMU_TRY(ready());
    const Stream* stream = find_stream(handle);
    if (stream == nullptr) return CUDA_ERROR_INVALID_HANDLE;
    enum { NONE = 0, ACTIVE = 1, INVALIDATED = 2 };
    *status = !stream->capture ? NONE : stream->capture->invalid ? INVALIDATED : ACTIVE;
    return CUDA_SUCCESS;
}

CU_API cuStreamEndCapture(CUstream handle, CUgraph* graph) {
    Lock lock;
    EMU_TRY(ready());
    Stream* stream = find_stream(handle);
    if (stream == nullptr) return CUDA_ERROR_INVALID_HANDLE;
    if (!stream->capture) return CUDA_ERROR_ILLEGAL_STATE;
    if (stream->capture->mode != CU_STREAM_CAPTURE_MODE_RELAXED && stream->capture->thread != std::this_thread::get_id()) {
        return CUDA_ERROR_STREAM_CAPTURE_WRONG_THREAD;
    }
    const std::shared_ptr<Capture> capture = std::move(stream->capture);
    stream->capture = nullptr;
    *graph = nullptr;
    if (capture->invalid) return CUDA_ERROR_STREAM_CAPTURE_INVALIDATED;
    *graph = graphs().add<CUgraph>(std::make_unique<Graph>(std::move(capture->graph)));
    return CUDA_SUCCESS;
}

CU_API cuGraphDestroy(CUgraph handle) {
    Lock lock;
    return graphs().remove(handle) ? CUDA_SUCCESS : CUDA_ERROR_INVALID_HANDLE;
}

CU_API cuGraphInstantiateWithFlags(CUgraphExec* executable, CUgraph handle, unsigned long long) {
    Lock lock;
    EMU_TRY(ready());
    EMU_TRY(allowed_in_capture("cuGraphInstantiate"));
    const Graph* graph = graphs().find(handle);
    if (graph == nullptr) return CUDA_ERROR_INVALID_HANDLE;
    *executable = executables().add<CUgraphExec>(std::make_unique<Executable>(Executable{std::make_shared<const Graph>(*graph)}));
    return CUDA_SUCCESS;
}

CU_API cuGraphUpload(CUgraphExec handle, CUstream on) {
    Lock lock;
    EMU_TRY(ready());
    return executables().find(handle) && find_stream(on) ? CUDA_SUCCESS : CUDA_ERROR_INVALID_HANDLE;
}

CU_API cuGraphLaunch(CUgraphExec handle, CUstream on) {
    Lock lock;
    EMU_TRY(ready());
    const Executable* executable = executables().find(handle);
    if (executable == nullptr) return CUDA_ERROR_INVALID_HANDLE;
    return enqueue_on(find_stream(on), [graph = executable->graph] {
        for (const Work& work : graph->works) EMU_TRY(work());
        return CUDA_SUCCESS;
    });
}

CU_API cuGraphExecDestroy(CUgraphExec handle) {
    Lock lock;
    return executables().remove(handle) ? CUDA_SUCCESS : CUDA_ERROR_INVALID_HANDLE;
}
