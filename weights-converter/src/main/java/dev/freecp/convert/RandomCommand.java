package dev.freecp.convert;

import dev.freecp.error.UsageException;
import java.io.IOException;
import java.nio.file.Path;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code freecp weights random}: a checkpoint that knows nothing, but costs what a real one costs. */
@Command(name = "random", mixinStandardHelpOptions = true, description = "Writes a seeded random checkpoint of a published size with a synthetic tokenizer, for benchmarks.",
    footer = {"", "Example:", "  freecp weights random random-b16 --arch ViT-B-16"})
final class RandomCommand extends WeightsAction {

    @Parameters(paramLabel = "OUT", description = "The folder to be made.")
    private Path out;

    @Option(names = "--arch", paramLabel = "NAME", required = true, description = "ViT-B-16, ViT-B-32, ViT-L-14 or ViT-L-14-336.")
    private String architecture;

    @Option(names = "--seed", paramLabel = "N", defaultValue = "0", description = "Same seed, same bytes; default ${DEFAULT-VALUE}.")
    private long seed;

    @Option(names = "--force", description = "Write into a folder that is not empty.")
    private boolean force;

    @Override
    int run() throws IOException {
        RandomClip clip = RandomClip.named(architecture).orElseThrow(() -> new UsageException("--arch " + architecture + ": choose one of " + String.join(", ", RandomClip.names())));
        AsideFolder.requireFree(out, force);
        try (Progress progress = Progress.of("random"); AsideFolder aside = AsideFolder.beside(out)) {
            clip.write(aside.path(""), seed, progress);
            aside.publish();
        }
        out().println(out);
        return 0;
    }
}
