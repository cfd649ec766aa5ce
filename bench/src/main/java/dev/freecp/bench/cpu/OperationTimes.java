package dev.freecp.bench.cpu;

import dev.freecp.ops.Ops;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Time of each operation while it stands in a backend's place: what the tower takes, wherever it is called from, and what everything else does. */
final class OperationTimes {

    /** Operations that only towers call. */
    private static final Set<String> TOWER = Set.of("patches", "embedPatches", "layerNorm", "linear", "linearAdd", "attention", "selfSelfAttention",
        "meanNorm", "takeTokens", "normalizeRows", "fill");

    /** Consists of other operations. */
    private static final String REPEAT = "repeat";

    private final Map<String, Double> seconds = new LinkedHashMap<>();
    private final Ops delegate;
    private int regions;

    OperationTimes(Ops delegate) {
        this.delegate = delegate;
    }

    /** The backend, timed. */
    Ops timed() {
        return (Ops) Proxy.newProxyInstance(Ops.class.getClassLoader(), new Class<?>[] {Ops.class}, (_, method, arguments) -> {
            long start = System.nanoTime();
            try {
                return method.invoke(delegate, arguments);
            } catch (InvocationTargetException e) {
                throw e.getCause();
            } finally {
                if (!method.getName().equals(REPEAT)) seconds.merge(method.getName(), (System.nanoTime() - start) * 1e-9, Double::sum);
                if (method.getName().equals("patches")) regions += ((List<?>) arguments[2]).size();
            }
        });
    }

    /** Forgets what was counted. */
    void clear() {
        seconds.clear();
        regions = 0;
    }

    /** Seconds in operations of the tower. */
    double tower() {
        return seconds.entrySet().stream().filter(entry -> TOWER.contains(entry.getKey())).mapToDouble(Map.Entry::getValue).sum();
    }

    /** Windows and crops that the tower saw. */
    int regions() {
        return regions;
    }

    /** Seconds of each operation. */
    Map<String, Double> seconds() {
        return Map.copyOf(seconds);
    }
}
