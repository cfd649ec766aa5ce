package dev.freecp.segment;

import dev.freecp.cpu.VectorOps;
import dev.freecp.cuda.CublasLibrary;
import dev.freecp.cuda.CudaOps;
import dev.freecp.error.DeviceException;
import dev.freecp.error.UsageException;
import dev.freecp.ops.Ops;
import dev.freecp.ops.Precision;
import dev.freecp.ops.ScalarOps;
import java.nio.file.Path;

/** The one place where a backend is chosen. */
public final class Device {

    private static final String CUDA = "cuda(:\\d+)?";

    private Device() {
    }

    /**
     * What is wanted.
     *
     * @param name          {@code auto} (a GPU if there is one, else the CPU), {@code cpu}, {@code scalar}, {@code cuda}, or {@code cuda:1} for another card
     *                      than the first
     * @param threads       of the CPU
     * @param precision     null for the device's own: fp16 on a GPU, fp32 on a CPU, which has no other
     * @param cudaLibraries folder with cuBLAS, or null to look for it
     */
    public record Request(String name, int threads, Precision precision, Path cudaLibraries) {

        /** With as many threads as the machine has processors, in the device's own precision. */
        public static Request of(String name) {
            return new Request(name, Runtime.getRuntime().availableProcessors(), null, null);
        }

        /** @throws UsageException if there is no such device, or not in this precision, or no thread to run on */
        public Request {
            if (threads < 1) throw new UsageException("threads must be at least 1, not " + threads);
            if (!name.matches(CUDA + "|auto|cpu|scalar")) throw new UsageException("unknown device '" + name + "': choose auto, cpu, scalar, cuda or cuda:INDEX");
            if (name.matches("cpu|scalar") && precision != null && precision != Precision.FP32)
                throw new UsageException("--precision " + precision + " needs a CUDA device; on --device " + name + " there is fp32 only");
        }

        /** Which GPU, from 0: the first one unless its name says otherwise. */
        public int index() {
            return name.contains(":") ? Integer.parseInt(name.substring(name.indexOf(':') + 1)) : 0;
        }
    }

    /**
     * What was opened.
     *
     * @param reason why it is not a GPU where it could have been one; empty if there is nothing to say
     */
    public record Choice(Ops ops, String reason) {
    }

    /** Opens {@link Request#of a device by its name}. */
    public static Ops choose(String name) {
        return open(Request.of(name)).ops();
    }

    /** The same with a number of threads, which only {@code cpu} uses. */
    public static Ops choose(String name, int threads) {
        return open(new Request(name, threads, null, null)).ops();
    }

    /**
     * Opens what is wanted.
     *
     * @throws DeviceException if a GPU is asked for, by its name or by a precision that only a GPU has, and cannot be used
     */
    public static Choice open(Request request) {
        return switch (request.name) {
            case "cpu" -> new Choice(new VectorOps(request.threads), "");
            case "scalar" -> new Choice(new ScalarOps(), "");
            case "auto" -> automatic(request);
            default -> new Choice(cuda(request), "");
        };
    }

    /** How many windows, of one picture or of several, keep a device busy: more at once gain little, and a CPU gains nothing beyond one picture. */
    static int windowsAtOnce(Ops ops) {
        return ops instanceof CudaOps ? 24 : 1;
    }

    /** How many groups of pictures keep a device busy: while the host decides about one, a GPU has the other. */
    static int groupsAtOnce(Ops ops) {
        return ops instanceof CudaOps ? 2 : 1;
    }

    private static Choice automatic(Request request) {
        try {
            return new Choice(cuda(request), "");
        } catch (DeviceException e) {
            if (request.precision != null && request.precision != Precision.FP32)
                throw new DeviceException("--precision " + request.precision + " needs a GPU: " + e.getMessage(), e);
            return new Choice(new VectorOps(request.threads), "cuda: not used (" + e.getMessage() + ")");
        }
    }

    private static Ops cuda(Request request) {
        Precision precision = request.precision == null ? Precision.FP16 : request.precision;
        return CudaOps.open(request.index(), precision, CublasLibrary.Search.of(request.cudaLibraries));
    }
}
