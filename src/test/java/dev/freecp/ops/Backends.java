package dev.freecp.ops;

import dev.freecp.cpu.VectorOps;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;
import java.util.function.Supplier;

/** The backends that every operation's test runs on. A new one is one line in {@link #all}. */
final class Backends {

    /**
     * @param name as in {@code -Dfreecp.require}
     * @param open makes an instance for a number of threads; a backend without threads ignores it
     */
    record Backend(String name, IntFunction<Ops> open) {
        @Override
        public String toString() {
            return name;
        }
    }

    private Backends() {
    }

    /** Fails where one that {@code -Dfreecp.require} names is not there, so that a missing device cannot pass for a tested one. */
    static List<Backend> all() {
        List<Backend> backends = new ArrayList<>();
        add(backends, "scalar", () -> threads -> new ScalarOps());
        add(backends, "cpu", () -> VectorOps::new);
        for (String required : System.getProperty("freecp.require", "").split(",")) {
            if (!required.isBlank() && backends.stream().noneMatch(b -> b.name.equals(required.strip())))
                throw new IllegalStateException("backend " + required.strip() + " was required and is not there");
        }
        return backends;
    }

    private static void add(List<Backend> backends, String name, Supplier<IntFunction<Ops>> open) {
        backends.add(new Backend(name, open.get()));
    }
}
