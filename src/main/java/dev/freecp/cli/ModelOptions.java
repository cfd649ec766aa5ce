package dev.freecp.cli;

import dev.freecp.error.UsageException;
import dev.freecp.ops.Ops;
import dev.freecp.ops.Precision;
import dev.freecp.segment.Device;
import dev.freecp.segment.Segmenter;
import java.nio.file.Path;
import picocli.CommandLine.Option;

/** Which model, on which device. */
final class ModelOptions {

    @Option(names = "--model", required = true, paramLabel = "DIR",
        description = "Folder of a CLIP model as Hugging Face publishes it (config.json, model.safetensors, vocab.json, merges.txt).")
    private Path model;

    @Option(names = "--device", paramLabel = "NAME", defaultValue = "auto",
        description = "auto, cpu, scalar (plain loops, the reference), cuda or cuda:INDEX; default ${DEFAULT-VALUE}.")
    private String device;

    @Option(names = "--precision", paramLabel = "NAME", converter = Converters.PrecisionName.class,
        description = "fp32, tf32, bf16 or fp16; default fp16 on a GPU. A CPU has fp32 only.")
    private Precision precision;

    @Option(names = "--memory", paramLabel = "BYTES", converter = Converters.Bytes.class,
        description = "How much memory a batch of windows may take beside the weights, such as 512M or 2G; default 1G.")
    private Long batchBytes;

    @Option(names = "--threads", paramLabel = "N", description = "Threads of the CPU; default as many as it has processors.")
    private Integer threads;

    @Option(names = "--cuda-libs", paramLabel = "DIR|none",
        description = "Where cuBLAS lies; none for this program's own matrix products. Only for a CUDA device, and looked for if not given.")
    private Path cudaLibraries;

    private String reason = "";

    /** What can be wrong without a look at any file; says on the console what is not used. */
    void check(Console console) {
        request();
        if (cudaLibraries != null && device.matches("cpu|scalar")) console.warning("--cuda-libs is not used: the device is " + device);
    }

    /** The device that was asked for. */
    Device.Request request() {
        return new Device.Request(device, threads == null ? Runtime.getRuntime().availableProcessors() : threads, precision, cudaLibraries);
    }

    /** The model, ready for pictures. */
    Segmenter open() {
        Device.Choice choice = Device.open(request());
        reason = choice.reason();
        return Segmenter.open(model, choice.ops(), batchBytes == null ? Segmenter.DEFAULT_BATCH_BYTES : batchBytes);
    }

    /** Where the model lies. */
    Path folder() {
        return model;
    }

    /** The GPU that was asked for, or the first one, in another precision. */
    Ops onGpu(Precision other) {
        String gpu = device.equals("auto") ? "cuda" : device;
        if (!gpu.startsWith("cuda")) throw new UsageException("--device " + device + " has fp32 only; name a GPU");
        return Device.open(new Device.Request(gpu, request().threads(), other, cudaLibraries)).ops();
    }

    /** The device that was chosen, and why. */
    String describe(Segmenter segmenter) {
        return segmenter.device() + (reason.isEmpty() ? "" : "; " + reason);
    }
}
