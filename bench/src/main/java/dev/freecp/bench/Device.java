package dev.freecp.bench;

import dev.freecp.cpu.VectorOps;
import dev.freecp.ops.Ops;
import dev.freecp.ops.ScalarOps;

/** The backends that benchmarks compare, each with all processors it can use, under the names their {@code device} parameter takes. */
public enum Device {
    scalar, cpu;

    Ops open() {
        return switch (this) {
            case scalar -> new ScalarOps();
            case cpu -> new VectorOps(Runtime.getRuntime().availableProcessors());
        };
    }
}
