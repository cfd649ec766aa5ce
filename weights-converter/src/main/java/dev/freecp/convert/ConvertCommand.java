package dev.freecp.convert;

import dev.freecp.convert.family.FactFinder;
import dev.freecp.error.UsageException;
import dev.freecp.tensor.DType;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Set;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code freecp weights convert}: any known weight file to a folder that the engine and transformers load. */
@Command(name = "convert", mixinStandardHelpOptions = true,
    description = "Converts a checkpoint (OpenAI, open_clip, transformers, timm, DINO, DINOv2; .pt, .pth, .bin, .safetensors, shards) to a folder in Hugging Face layout.",
    footer = {"", "What the file does not tell is taken from a configuration beside it or from an option, and else guessed; guesses are printed.", "",
        "Examples:",
        "  freecp weights convert ViT-B-16.pt clip-b16 --bpe bpe_simple_vocab_16e6.txt.gz",
        "  freecp weights convert laion-b32/ clip-laion-b32",
        "  freecp weights convert dino_vitbase16_pretrain_full_checkpoint.pth dino-b16 --branch student"})
final class ConvertCommand extends WeightsAction {

    private static final Set<String> ACTIVATIONS = Set.of("quick_gelu", "gelu");
    private static final Set<String> TYPES = Set.of("f32", "f16", "bf16");

    @Parameters(index = "0", paramLabel = "IN", description = "A weight file, an index of shards, or a folder that holds one.")
    private Path in;

    @Parameters(index = "1", paramLabel = "OUT", description = "The folder to be made.")
    private Path out;

    @Option(names = "--heads", paramLabel = "N", description = "Attention heads of the vision tower.")
    private Integer heads;

    @Option(names = "--text-heads", paramLabel = "N", description = "Attention heads of the text tower.")
    private Integer textHeads;

    @Option(names = "--activation", paramLabel = "NAME", description = "quick_gelu (OpenAI, MetaCLIP, DFN) or gelu (LAION, DataComp).")
    private String activation;

    @Option(names = "--branch", paramLabel = "NAME", description = "Which of several models in one file: teacher (taken if nothing is said), student, ...")
    private String branch;

    @Option(names = "--dtype", paramLabel = "TYPE", description = "f32, f16 or bf16, rounded to nearest even; default f32.")
    private String dtype;

    @Option(names = "--raw", description = "Copy all tensors under their names and in their types, without looking for a model.")
    private boolean raw;

    @Option(names = "--bpe", paramLabel = "FILE", description = "OpenAI's bpe_simple_vocab_16e6.txt.gz, to make the tokenizer from.")
    private Path bpe;

    @Option(names = "--force", description = "Write into a folder that is not empty.")
    private boolean force;

    @Override
    int run() throws IOException {
        requireOneOf("--activation", activation, ACTIVATIONS);
        requireOneOf("--dtype", dtype, TYPES);
        DType type = dtype == null ? null : DType.valueOf(dtype.toUpperCase(Locale.ROOT));
        try (Progress progress = Progress.of("convert")) {
            Conversion.Options options = new Conversion.Options(new FactFinder.Said(heads, textHeads, activation), branch, type, raw, bpe, force);
            Conversion.run(in, out, options, progress).forEach(this::say);
        }
        out().println(out);
        return 0;
    }

    private static void requireOneOf(String option, String value, Set<String> known) {
        if (value != null && !known.contains(value)) throw new UsageException(option + " " + value + ": choose one of " + String.join(", ", known.stream().sorted().toList()));
    }
}
