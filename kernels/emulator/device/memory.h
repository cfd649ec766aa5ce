/* Device memory, which is host memory here, and page-locked host memory. */
#pragma once
#include "driver.h"

namespace emu {

/* Whether the driver knows these host bytes as page-locked: then an asynchronous copy reads or writes them when it runs, not when it is called. */
bool page_locked(const void* host, size_t bytes);
}
