package dev.freecp.cli;

import dev.freecp.error.UsageException;
import dev.freecp.ops.Ops;
import dev.freecp.segment.Device;
import dev.freecp.segment.Segmenter;
import java.nio.file.Path;
import picocli.CommandLine.Option;

/** Which model, on which device. */
final class ModelOptions {

    /** Numbers that a device computes with. */
    enum Precision { FP32, TF32, BF16, FP16 }

    @Option(names = "--model", required = true, paramLabel = "DIR",
        description = "Folder of a CLIP model as Hugging Face publishes it (config.json, model.safetensors, vocab.json, merges.txt).")
    private Path model;

    @Option(names = "--device", paramLabel = "NAME", defaultValue = "auto",
        description = "auto, cpu, scalar (plain loops, the reference), cuda or cuda:INDEX; default ${DEFAULT-VALUE}.")
    private String device;

    @Option(names = "--precision", paramLabel = "NAME", defaultValue = "fp32", converter = Converters.PrecisionName.class,
        description = "fp32, tf32, bf16 or fp16; a CPU has fp32 only.")
    private Precision precision;

    @Option(names = "--memory", paramLabel = "BYTES", converter = Converters.Bytes.class,
        description = "How much memory a batch of windows may take beside the weights, such as 512M or 2G; default 1G.")
    private Long batchBytes;

    @Option(names = "--threads", paramLabel = "N", description = "Threads of the CPU; default as many as it has processors.")
    private Integer threads;

    @Option(names = "--cuda-libs", paramLabel = "DIR", description = "Where the CUDA libraries lie; only for a CUDA device.")
    private Path cudaLibraries;

    /** What can be wrong without a look at any file; says on the console what is not used. */
    void check(Console console) {
        boolean cuda = device.startsWith("cuda");
        if (precision != Precision.FP32 && !cuda)
            throw new UsageException("--precision " + Converters.text(precision) + " needs a CUDA device; on --device " + device + " there is fp32 only");
        if (cudaLibraries != null && !cuda) console.warning("--cuda-libs is not used: the device is " + device);
    }

    /** The model, ready for pictures. */
    Segmenter open() {
        Ops ops = Device.choose(device, threads == null ? Runtime.getRuntime().availableProcessors() : threads);
        return Segmenter.open(model, ops, batchBytes == null ? Segmenter.DEFAULT_BATCH_BYTES : batchBytes);
    }

    /** The device that was chosen, and why. */
    String describe(Segmenter segmenter) {
        String reason = Device.reason(device);
        return segmenter.device() + (reason.isEmpty() ? "" : "; " + reason);
    }
}
