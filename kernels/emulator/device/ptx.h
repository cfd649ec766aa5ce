/* What a PTX file says about its kernels: enough to compare them with the compiled ones and to keep their limits. */
#pragma once
#include <string>
#include <vector>

namespace emu {

struct PtxEntry {
    std::string name;
    std::vector<size_t> parameter_bytes;
    int max_threads = 1024;         /* .maxntid */
    size_t shared_bytes = 0;        /* static */
};

struct Ptx {
    std::string module;             /* from the first line, "// freecp NAME" */
    std::vector<PtxEntry> entries;

    explicit Ptx(const char* text);
};
}
