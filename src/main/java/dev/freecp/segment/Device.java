package dev.freecp.segment;

import dev.freecp.cpu.VectorOps;
import dev.freecp.error.DeviceException;
import dev.freecp.error.UsageException;
import dev.freecp.ops.Ops;
import dev.freecp.ops.ScalarOps;

/** The one place where a backend is chosen. */
public final class Device {

    private Device() {
    }

    /**
     * A backend with as many threads as the machine has processors.
     *
     * @param name {@code auto}, {@code cpu}, {@code scalar}, or {@code cuda} with an index such as {@code cuda:1}
     * @throws UsageException  if there is no such name
     * @throws DeviceException if a GPU is asked for; this version has no CUDA backend
     */
    public static Ops choose(String name) {
        return choose(name, Runtime.getRuntime().availableProcessors());
    }

    /** The same with a number of threads, which only {@code cpu} uses. */
    public static Ops choose(String name, int threads) {
        if (threads < 1) throw new UsageException("threads must be at least 1, not " + threads);
        if (name.matches("cuda(:\\d+)?")) throw new DeviceException(name + ": this version has no CUDA backend yet; use --device cpu");
        return switch (name) {
            case "auto", "cpu" -> new VectorOps(threads);
            case "scalar" -> new ScalarOps();
            default -> throw new UsageException("unknown device '" + name + "': choose auto, cpu, scalar, cuda or cuda:INDEX");
        };
    }

    /** Why {@code auto} chose what it chose, for people. */
    public static String reason(String name) {
        return name.equals("auto") ? "cuda: not used (no CUDA backend in this version)" : "";
    }
}
