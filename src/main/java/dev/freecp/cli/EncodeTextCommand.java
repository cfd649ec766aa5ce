package dev.freecp.cli;

import dev.freecp.error.UsageException;
import dev.freecp.segment.Segmenter;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code freecp encode-text}: fills the text cache ahead of the runs that need it. */
@Command(name = "encode-text", description = "Encodes the words of a run ahead, so that runs with the same model and words take them from the cache.",
    footer = {"", "Examples:",
        "  freecp encode-text --model clip-vit-base-patch16 --preset ade20k",
        "  freecp encode-text --model clip-vit-base-patch16 --classes classes.txt --descriptions words.json --cache features"})
final class EncodeTextCommand implements Callable<Integer> {

    private final Console console;

    @Mixin
    private ModelOptions model;

    @Mixin
    private WordOptions options;

    @Option(names = "--quiet", description = "Nothing on standard error but warnings and errors.")
    private boolean quiet;

    EncodeTextCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() {
        model.check(console);
        if (options.isUncached()) throw new UsageException("--cache off leaves nothing to fill; name a folder, or leave it out for the default");
        Words words = options.words();
        try (Segmenter segmenter = model.open()) {
            int sentences = words.sentencesToEncode(segmenter);
            long start = System.nanoTime();
            words.features(segmenter, console, quiet);
            double seconds = (System.nanoTime() - start) * 1e-9;
            String count = StartMessage.count(words.vocabulary().words().size(), "word", "words");
            console.result(sentences == 0 ? count + ", in the cache already:" : String.format(Locale.ROOT, "%s, %,d sentences encoded in %.1f s:", count, sentences, seconds));
            for (Path file : words.files(segmenter)) console.result("  " + file);
            return 0;
        }
    }
}
