#include "ptx.h"

#include <cctype>
#include <cstdio>
#include <cstdlib>
#include <cstring>

namespace emu {

/* Bytes of one declaration such as ".param .align 8 .b8 name[24]" or ".shared .align 4 .f32 tile[64]": the element's type times the counts. */
static size_t declared_bytes(const std::string& declaration) {
    size_t bytes = 0;
    for (size_t dot = declaration.find('.'); dot != std::string::npos; dot = declaration.find('.', dot + 1)) {
        const char kind = declaration[dot + 1];
        if (std::strchr("bfsu", kind) && std::isdigit((unsigned char) declaration[dot + 2])) bytes = std::atoi(&declaration[dot + 2]) / 8;
    }
    for (size_t open = declaration.find('['); open != std::string::npos; open = declaration.find('[', open + 1)) bytes *= std::atoi(&declaration[open + 1]);
    return bytes;
}

static std::vector<size_t> parameters(const std::string& list) {
    std::vector<size_t> bytes;
    for (size_t start = list.find(".param"); start != std::string::npos; start = list.find(".param", start + 1)) {
        bytes.push_back(declared_bytes(list.substr(start, list.find(',', start) - start)));
    }
    return bytes;
}

Ptx::Ptx(const char* text) {
    constexpr char MARK[] = "// freecp ", ENTRY[] = ".entry ", LIMIT[] = ".maxntid ", SHARED[] = ".shared ";
    if (std::strncmp(text, MARK, sizeof MARK - 1) == 0) {
        text += sizeof MARK - 1;
        module.assign(text, std::strcspn(text, "\r\n"));
    }
    int major = 0, minor = 0;
    if (const char* line = std::strstr(text, ".version ")) std::sscanf(line, ".version %d.%d", &major, &minor);
    version = 10 * major + minor;
    if (const char* line = std::strstr(text, ".target ")) std::sscanf(line, ".target sm_%d", &target);
    for (const char* at = std::strstr(text, ENTRY); at != nullptr; ) {
        at += sizeof ENTRY - 1;
        const char* following = std::strstr(at, ENTRY);
        const std::string body = following ? std::string(at, following) : std::string(at);
        PtxEntry entry;
        entry.name = body.substr(0, body.find_first_of("( \n"));
        const size_t open = body.find('('), brace = body.find('{');
        if (open < brace) entry.parameter_bytes = parameters(body.substr(open, body.find(')', open) - open));
        const size_t limit = body.find(LIMIT);
        if (limit < brace) {
            entry.max_threads = 1;
            for (const char* number = &body[limit + sizeof LIMIT - 1]; ; number++) {
                char* end;
                entry.max_threads *= std::strtol(number, &end, 10);
                if (*end != ',') break;
                number = end;
            }
        }
        for (size_t shared = body.find(SHARED); shared != std::string::npos; shared = body.find(SHARED, shared + 1)) {
            entry.shared_bytes += declared_bytes(body.substr(shared, body.find(';', shared) - shared));
        }
        entries.push_back(std::move(entry));
        at = following;
    }
}
}
