package dev.freecp.bench;

import dev.freecp.ops.Ops;
import dev.freecp.ops.ScalarOps;

/** The backends that benchmarks compare, under the names their {@code device} parameter takes. */
public enum Device {
    scalar;

    Ops open() {
        return switch (this) {
            case scalar -> new ScalarOps();
        };
    }
}
