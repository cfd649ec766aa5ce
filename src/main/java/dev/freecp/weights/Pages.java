package dev.freecp.weights;

import dev.freecp.tensor.Tensor;
import java.lang.foreign.MemorySegment;

/** Lets go of the pages of mapped files that were read: a file that is gone through once need not stay in this process's memory. */
public final class Pages {

    private Pages() {
    }

    /** Tells the operating system that {@code tensor}'s numbers are not needed soon; it reads them again if they are. */
    public static void release(Tensor tensor) {
        release(tensor.segment());
    }

    static void release(MemorySegment memory) {
        if (memory.isMapped() && memory.byteSize() > 0) memory.unload();
    }
}
