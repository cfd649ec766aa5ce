#include "stream.h"

#include <algorithm>
#include <random>

namespace emu {

namespace {
struct AllStreams {
    Handles<Stream> handles;
    std::vector<Stream*> created;           /* in order of creation */
    std::unordered_map<const Context*, std::unique_ptr<Stream>> legacy;
    uint64_t count = 0;
};

AllStreams& all() {
    static AllStreams& streams = *new AllStreams;
    return streams;
}

std::shared_ptr<Mark> mark_end(Stream& stream) {
    auto mark = std::make_shared<Mark>(Mark{&stream});
    stream.pending.push_back({nullptr, nullptr, mark});
    return mark;
}

void make_wait(Stream& waiting, Stream& other) {
    if (!other.pending.empty()) waiting.pending.push_back({nullptr, mark_end(other), nullptr});
}
}

Stream& legacy_stream() {
    auto& stream = all().legacy[current_context()];
    if (!stream) stream.reset(new Stream{current_context(), 0, 0, {}, nullptr});
    return *stream;
}

Stream* find_stream(CUstream handle) {
    constexpr uintptr_t LEGACY = 1;
    if (reinterpret_cast<uintptr_t>(handle) <= LEGACY) return &legacy_stream();
    return all().handles.find(handle);
}

void append(Stream& stream, Item item) {
    Stream& legacy = legacy_stream();
    if (&stream == &legacy) {
        for (Stream* other : all().created) if (other->context == stream.context && other->waits_for_legacy()) make_wait(legacy, *other);
    } else if (stream.waits_for_legacy()) {
        make_wait(stream, legacy);
    }
    stream.pending.push_back(std::move(item));
}

void step(Stream& stream) {
    Item item = std::move(stream.pending.front());
    stream.pending.pop_front();
    if (item.wait_for) run_until(item.wait_for);
    if (item.reach) {
        item.reach->reached = true;
        item.reach->time = std::chrono::steady_clock::now();
    }
    if (item.work && stream.context->sticky == CUDA_SUCCESS) stream.context->sticky = item.work();
}

void drain(Stream& stream) {
    while (!stream.pending.empty()) step(stream);
}

void run_until(const std::shared_ptr<Mark>& mark) {
    while (!mark->reached) step(*mark->stream);
}

void drain_all() {
    std::vector<Stream*> order{&legacy_stream()};
    for (Stream* stream : all().created) if (stream->context == current_context()) order.push_back(stream);
    if (settings().order == Order::reverse) std::reverse(order.begin(), order.end());
    if (settings().order == Order::random) std::shuffle(order.begin(), order.end(), std::mt19937(settings().seed));
    for (Stream* stream : order) drain(*stream);
}

CUresult allowed_in_capture(const char* call) {
    bool allowed = true;
    for (Stream* stream : all().created) {
        Capture* capture = stream->capture.get();
        if (capture == nullptr || capture->mode == CU_STREAM_CAPTURE_MODE_RELAXED) continue;
        if (capture->mode == CU_STREAM_CAPTURE_MODE_THREAD_LOCAL && capture->thread != std::this_thread::get_id()) continue;
        capture->invalid = true;
        allowed = false;
    }
    if (!allowed) say("%s while a stream is capturing: the capture is lost", call);
    return allowed ? CUDA_SUCCESS : CUDA_ERROR_STREAM_CAPTURE_UNSUPPORTED;
}

CUresult enqueue_on(Stream* stream, Work work) {
    if (stream == nullptr) return CUDA_ERROR_INVALID_HANDLE;
    if (stream->capture) {
        if (stream->capture->invalid) return CUDA_ERROR_STREAM_CAPTURE_INVALIDATED;
        stream->capture->graph.works.push_back(std::move(work));
        return CUDA_SUCCESS;
    }
    append(*stream, {std::move(work), nullptr, nullptr});
    return CUDA_SUCCESS;
}

CUresult enqueue(CUstream handle, Work work) {
    Lock lock;
    EMU_TRY(ready());
    if (settings().idle) return CUDA_SUCCESS;
    return enqueue_on(find_stream(handle), std::move(work));
}

void drop_streams(Context& context) {
    std::vector<Stream*>& created = all().created;
    for (Stream* stream : created) if (stream->context == &context) drain(*stream);
    created.erase(std::remove_if(created.begin(), created.end(), [&](Stream* stream) { return stream->context == &context; }), created.end());
    all().handles.remove_if([&](const Stream& stream) { return stream.context == &context; });
    all().legacy.erase(&context);
}

/* An error for calls that make no sense on a stream that is capturing; the capture is lost. */
static CUresult not_capturing(Stream& stream, const char* call) {
    if (!stream.capture) return CUDA_SUCCESS;
    stream.capture->invalid = true;
    say("%s on a stream that is capturing: the capture is lost", call);
    return CUDA_ERROR_STREAM_CAPTURE_UNSUPPORTED;
}
}

using namespace emu;

CU_API cuStreamCreateWithPriority(CUstream* handle, unsigned flags, int) {
    Lock lock;
    EMU_TRY(ready());
    if (flags > CU_STREAM_NON_BLOCKING) return CUDA_ERROR_INVALID_VALUE;
    auto stream = std::make_unique<Stream>(Stream{current_context(), ++all().count, flags, {}, nullptr});
    all().created.push_back(stream.get());
    *handle = all().handles.add<CUstream>(std::move(stream));
    return CUDA_SUCCESS;
}

CU_API cuStreamCreate(CUstream* handle, unsigned flags) {
    return cuStreamCreateWithPriority(handle, flags, 0);
}

CU_API cuStreamDestroy_v2(CUstream handle) {
    Lock lock;
    Stream* stream = all().handles.find(handle);
    if (stream == nullptr) return CUDA_ERROR_INVALID_HANDLE;
    drain(*stream);
    all().created.erase(std::find(all().created.begin(), all().created.end(), stream));
    all().handles.remove(handle);
    return CUDA_SUCCESS;
}

CU_API cuStreamSynchronize(CUstream handle) {
    Lock lock;
    EMU_TRY(ready());
    Stream* stream = find_stream(handle);
    if (stream == nullptr) return CUDA_ERROR_INVALID_HANDLE;
    EMU_TRY(not_capturing(*stream, "cuStreamSynchronize"));
    EMU_TRY(allowed_in_capture("cuStreamSynchronize"));
    drain(*stream);
    return ready();
}

/* A device goes on by itself while somebody asks; here each question lets the stream take one step. */
CU_API cuStreamQuery(CUstream handle) {
    Lock lock;
    EMU_TRY(ready());
    Stream* stream = find_stream(handle);
    if (stream == nullptr) return CUDA_ERROR_INVALID_HANDLE;
    EMU_TRY(not_capturing(*stream, "cuStreamQuery"));
    if (stream->pending.empty()) return CUDA_SUCCESS;
    step(*stream);
    return CUDA_ERROR_NOT_READY;
}

CU_API cuStreamGetFlags(CUstream handle, unsigned* flags) {
    Lock lock;
    EMU_TRY(ready());
    const Stream* stream = find_stream(handle);
    if (stream == nullptr) return CUDA_ERROR_INVALID_HANDLE;
    *flags = stream->flags;
    return CUDA_SUCCESS;
}

CU_API cuCtxSynchronize() {
    Lock lock;
    EMU_TRY(ready());
    EMU_TRY(allowed_in_capture("cuCtxSynchronize"));
    drain_all();
    return ready();
}
