package dev.freecp.segment;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/** Seconds spent in each stage of a run, in order of first occurrence. */
final class Timings {

    private final Map<String, Double> seconds = new LinkedHashMap<>();
    private long last = System.nanoTime();

    /** Adds the time since the previous call, or since construction, to {@code stage}. */
    void mark(String stage) {
        long now = System.nanoTime();
        seconds.merge(stage, (now - last) * 1e-9, Double::sum);
        last = now;
    }

    /** Stage name to seconds. */
    Map<String, Double> seconds() {
        return Collections.unmodifiableMap(seconds);
    }

    /** The same shared out evenly among several pictures. */
    Map<String, Double> share(int pictures) {
        Map<String, Double> share = new LinkedHashMap<>();
        seconds.forEach((stage, value) -> share.put(stage, value / pictures));
        return share;
    }
}
