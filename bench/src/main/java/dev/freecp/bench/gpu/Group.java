package dev.freecp.bench.gpu;

import java.io.IOException;

/** Measurements that belong together. */
interface Group {

    /** For {@code --groups}, and the first word of the groups of its results. */
    String name();

    /** Measures until it is done or the time is spent. */
    void run(Session session) throws IOException;
}
