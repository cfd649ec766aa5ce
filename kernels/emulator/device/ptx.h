/* What a PTX file says about its kernels: enough to compare them with the compiled ones, to keep their limits and to refuse what the driver would. */
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
    int version = 0;                /* of the language, 78 for 7.8 */
    int target = 0;                 /* the compute capability that it needs, 75 for 7.5 */
    std::vector<PtxEntry> entries;

    explicit Ptx(const char* text);
};
}
