package dev.freecp.cli;

import com.fasterxml.jackson.jr.ob.JSON;
import dev.freecp.clip.Cleaning;
import dev.freecp.clip.Tokenizer;
import dev.freecp.clip.Utf8Lines;
import dev.freecp.error.InputException;
import dev.freecp.error.UsageException;
import dev.freecp.segment.Background;
import dev.freecp.segment.Descriptions;
import dev.freecp.segment.Preset;
import dev.freecp.segment.Vocabulary;
import dev.freecp.weights.Checkpoint;
import dev.freecp.words.Answers;
import dev.freecp.words.DescriptionCheck;
import dev.freecp.words.Finding;
import dev.freecp.words.Instructions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code freecp words}: descriptions of one's own classes, from asking for them to using them. */
@Command(name = "words", description = "Makes and checks files of descriptions: what --descriptions reads.",
    footer = {"", "Examples:",
        "  freecp words prompt \"oak; birch; willow\" > ask.txt      give this to any language model",
        "  freecp words import answer.txt --out trees.json",
        "  freecp words check trees.json --classes \"oak; birch; willow\""})
final class WordsCommand implements Runnable {

    private final Console console;

    @Spec
    private CommandSpec spec;

    WordsCommand(Console console) {
        this.console = console;
    }

    @Override
    public void run() {
        throw Main.wantsCommand(spec);
    }

    @Command(name = "check", description = "Checks coverage, counts, lengths, characters, openings, wording and repetitions. Exit code 3 if anything was found.",
        footer = {"", "Examples:", "  freecp words check trees.json --classes trees.txt --count 0", "  freecp words check words.json --preset ade20k --model clip-vit-base-patch16"})
    int check(@Parameters(paramLabel = "FILE", description = "JSON object of word to sentences.") Path file,
              @Option(names = "--classes", paramLabel = "FILE|LIST", description = "The classes that must all be described.") String classes,
              @Option(names = "--preset", paramLabel = "NAME", converter = Converters.PresetName.class, description = "The words of a data set must all be described.") Preset preset,
              @Option(names = "--count", paramLabel = "N", defaultValue = "15", description = "Sentences a word; 0 for any number; default ${DEFAULT-VALUE}.") int count,
              @Option(names = "--model", paramLabel = "DIR", description = "A sentence must fit into what this model reads.") Path model,
              @Option(names = "--json", description = "The findings as JSON.") boolean json) throws IOException {
        DescriptionCheck standard = DescriptionCheck.STANDARD;
        DescriptionCheck rules = new DescriptionCheck(count, standard.fewestWords(), standard.mostWords(), standard.mostChars(), standard.nearDuplicate());
        List<String> vocabulary = classes == null && preset == null ? null : words(classes, preset);
        DescriptionCheck.Report report = rules.check(Descriptions.read(file), vocabulary, model == null ? null : tokenizer(model));
        if (json) console.result(JSON.std.asString(asJson(report)));
        else text(report);
        return report.findings().isEmpty() ? 0 : new InputException("").exitCode();
    }

    @Command(name = "prompt", description = "Prints the instructions to give to any language model to get a file for one's own classes.",
        footer = {"", "Example:", "  freecp words prompt classes.txt --count 15"})
    int prompt(@Parameters(paramLabel = "CLASSES", arity = "0..1", description = "A file with one class a line, or a list such as \"oak; birch\".") String classes,
               @Option(names = "--preset", paramLabel = "NAME", converter = Converters.PresetName.class, description = "The words of a data set.") Preset preset,
               @Option(names = "--count", paramLabel = "N", defaultValue = "15", description = "Sentences a word; default ${DEFAULT-VALUE}.") int count) {
        if (count < 3) throw new UsageException("--count must be at least 3, one for each of the three intents, not " + count);
        DescriptionCheck standard = DescriptionCheck.STANDARD;
        DescriptionCheck rules = new DescriptionCheck(count, standard.fewestWords(), standard.mostWords(), standard.mostChars(), standard.nearDuplicate());
        console.result(Instructions.of(words(classes, preset), rules).stripTrailing());
        return 0;
    }

    @Command(name = "import", description = "Takes answers in: JSON, Python dictionaries, or lists under headings, from one or several files.",
        footer = {"", "Example:", "  freecp words import answer1.txt answer2.py --out words.json"})
    int importAnswers(@Parameters(paramLabel = "FILE", arity = "1..*", description = "Texts with sentences.") List<Path> files,
                      @Option(names = "--out", paramLabel = "FILE", required = true, description = "The JSON file to write.") Path out) throws IOException {
        Map<String, List<String>> all = new LinkedHashMap<>();
        for (Path file : files) {
            Answers.parse(String.join("\n", Utf8Lines.read(file)), file.toString()).forEach((word, sentences) -> {
                if (all.put(word, sentences) != null) throw new InputException(file + ": '" + word + "' was in an earlier file already");
            });
        }
        write(all, out);
        console.result(String.format(Locale.ROOT, "%s: %s, %,d sentences", out, StartMessage.count(all.size(), "word", "words"), all.values().stream().mapToInt(List::size).sum()));
        return 0;
    }

    private static List<String> words(String classes, Preset preset) {
        if (classes == null && preset == null) throw new UsageException("no words are named; give classes such as \"oak; birch\", a file of them, or a --preset");
        return (classes == null ? preset.vocabulary() : Vocabulary.of(classes, new Background.None())).words().stream().distinct().toList();
    }

    private static Tokenizer tokenizer(Path model) {
        try (Checkpoint checkpoint = Checkpoint.open(model)) {
            return new Tokenizer(checkpoint.vocabulary(), checkpoint.merges(), checkpoint.config().object("text_config").integer("max_position_embeddings", 77), Cleaning.PLAIN);
        }
    }

    private void text(DescriptionCheck.Report report) {
        for (Finding finding : report.findings()) console.result(finding.toString());
        console.result(String.format(Locale.ROOT, "%s, %,d sentences: %s; %.2f %% nearly the same as another", StartMessage.count(report.words(), "word", "words"), report.sentences(),
            report.findings().isEmpty() ? "nothing found" : StartMessage.count(report.findings().size(), "finding", "findings"), 100 * report.nearRate()));
    }

    private static Map<String, Object> asJson(DescriptionCheck.Report report) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("words", report.words());
        json.put("sentences", report.sentences());
        json.put("near_duplicate_pairs", report.nearPairs());
        json.put("findings", report.findings().stream().map(finding -> {
            Map<String, Object> entry = new LinkedHashMap<>();
            entry.put("kind", finding.kind().name().toLowerCase(Locale.ROOT));
            entry.put("word", finding.word());
            entry.put("sentence", finding.sentence());
            entry.put("detail", finding.detail());
            return entry;
        }).toList());
        return json;
    }

    /** Aside, then moved. */
    private static void write(Map<String, List<String>> all, Path out) {
        Path part = out.resolveSibling(out.getFileName() + ".part");
        try {
            Files.writeString(part, JSON.std.with(JSON.Feature.PRETTY_PRINT_OUTPUT).asString(all) + "\n");
            Files.move(part, out, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            try {
                Files.deleteIfExists(part);
            } catch (IOException ignored) {
                e.addSuppressed(ignored);
            }
            throw new InputException(out + ": cannot be written (" + e.getMessage() + ")", e);
        }
    }
}
