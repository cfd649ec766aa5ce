/*
 * Streams: queues of work that runs when somebody waits for it and no earlier, so that a missing wait shows. Events are marks in these queues.
 */
#pragma once
#include <chrono>
#include <deque>
#include <memory>
#include <thread>
#include <vector>

#include "driver.h"

namespace emu {

struct Stream;

/* A place in a stream's queue. */
struct Mark {
    Stream* stream;
    bool reached = false;
    std::chrono::steady_clock::time_point time{};
};

/* One entry of a queue: exactly one of the three is set. */
struct Item {
    Work work;
    std::shared_ptr<Mark> wait_for;
    std::shared_ptr<Mark> reach;
};

/* What stream capture records, in the order of the calls. */
struct Graph {
    std::vector<Work> works;
};

struct Capture {
    int mode;
    std::thread::id thread;
    bool invalid = false;
    Graph graph;
};

struct Stream {
    Context* context;
    uint64_t number;                /* in order of creation */
    unsigned flags;
    std::deque<Item> pending;
    std::shared_ptr<Capture> capture;

    bool waits_for_legacy() const { return (flags & CU_STREAM_NON_BLOCKING) == 0; }
};

struct Event {
    unsigned flags;
    std::shared_ptr<Mark> mark;             /* null: never recorded */
    std::weak_ptr<Capture> captured_in;     /* recorded by a capture, if that is where */
    bool captured = false;
};

/* The stream of a handle, null where there is none such. Handles 0 and 1 are the context's legacy stream. */
Stream* find_stream(CUstream handle);
Stream& legacy_stream();

/* Appends to the queue, after whatever the legacy stream's rules say must come first. */
void append(Stream& stream, Item item);
/* Runs one entry, all, or all up to a mark, with what they wait for on other streams. */
void step(Stream& stream);
void drain(Stream& stream);
void run_until(const std::shared_ptr<Mark>& mark);
/* Runs everything of the current context. The order of streams among each other is the chosen one. */
void drain_all();

/* For calls that stream capture forbids: ends the captures that they break and says which call did. */
CUresult allowed_in_capture(const char* call);
/* For work on a stream: an error where the stream is unknown. */
CUresult enqueue_on(Stream* stream, Work work);
}
