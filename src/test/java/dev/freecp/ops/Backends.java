package dev.freecp.ops;

import dev.freecp.cpu.VectorOps;
import dev.freecp.cuda.Gpu;
import java.util.List;
import java.util.function.IntFunction;

/**
 * The backends that every operation's test runs on: those of the host, or with {@code -Dfreecp.backends=cuda} those of a GPU, with {@code cpu} the fast one of the host
 * alone. The build tests with each, in processes of their own: what is loaded as the GPU's driver stays for as long as a process lives, and vectors have one length.
 */
final class Backends {

    /**
     * @param open             makes an instance for a schedule: 1 to 3 threads of a CPU, or one of three orders of a GPU's threads. It must not show in the results
     * @param sameBitsInABatch whether a part of a batch has the same bits alone; without it, the same within the test's tolerance
     */
    record Backend(String name, IntFunction<Ops> open, boolean sameBitsInABatch) {
        @Override
        public String toString() {
            return name;
        }
    }

    private Backends() {
    }

    static List<Backend> all() {
        Backend scalar = new Backend("scalar", _ -> new ScalarOps(), true), cpu = new Backend("cpu", VectorOps::new, true);
        return switch (System.getProperty("freecp.backends", "host")) {
            case "cuda" -> List.of(
                new Backend("cuda, cuBLAS", schedule -> Gpu.open(Precision.FP32, true, schedule), !Gpu.isReal()),
                new Backend("cuda, own matrix products", schedule -> Gpu.open(Precision.FP32, false, schedule), true));
            case "cpu" -> List.of(cpu);
            default -> List.of(scalar, cpu);
        };
    }
}
