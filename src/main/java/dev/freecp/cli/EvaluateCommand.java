package dev.freecp.cli;

import dev.freecp.clip.ReadOut;
import dev.freecp.error.InputException;
import dev.freecp.error.UsageException;
import dev.freecp.evaluate.Evaluation;
import dev.freecp.evaluate.Evaluator;
import dev.freecp.evaluate.Journal;
import dev.freecp.evaluate.PublishedScores;
import dev.freecp.evaluate.Sweep;
import dev.freecp.evaluate.TextChoice;
import dev.freecp.evaluate.Variant;
import dev.freecp.evaluate.data.DataSet;
import dev.freecp.evaluate.data.LabelCheck;
import dev.freecp.evaluate.data.Sample;
import dev.freecp.purify.Step;
import dev.freecp.report.EvaluationManifest;
import dev.freecp.report.RunFacts;
import dev.freecp.segment.Preset;
import dev.freecp.segment.SegmentSettings;
import dev.freecp.segment.Segmenter;
import dev.freecp.segment.TextSource;
import dev.freecp.segment.Vocabulary;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code freecp evaluate}: how good labels are, on pictures whose true labels are known. */
@Command(name = "evaluate",
    customSynopsis = {"freecp evaluate --root=DIR --model=DIR [--preset=NAME | --classes=FILE|LIST] [OPTIONS]",
        "       freecp evaluate merge FILE.json... [OPTIONS]",
        "       freecp evaluate compare A.json B.json [OPTIONS]"},
    description = "Labels the pictures of a data set and compares them with the truth: mIoU and more, for one setting or many at once.",
    footer = {"", "The metrics are defined in docs/evaluate.md.",
        "A run with --out that was interrupted goes on where it was when the same command is given again.", "",
        "Examples:",
        "  freecp evaluate --preset voc21 --root VOCdevkit/VOC2012 --model clip-vit-base-patch16 --out voc",
        "  freecp evaluate --preset ade20k --root ade --model clip-vit-base-patch16 --sweep methods,steps --out swept",
        "  freecp evaluate --preset voc20 --root voc --model clip-vit-base-patch16 --distractors 400 --out stress",
        "  freecp evaluate --preset coco_stuff --root coco --model clip-vit-base-patch16 --shard 2/8 --json part2.json"})
final class EvaluateCommand implements Callable<Integer> {

    private static final String JOURNAL = "journal.jsonl";
    private static final int CHECKED_MAPS = 50;
    private static final int FIRST = -2;                // in the help; all other options have -1

    private final Console console;
    private final OutputFolder.Opener opener;

    @Spec
    private CommandSpec spec;

    @Mixin
    private EvaluationOptions evaluation;

    @Mixin
    private SegmentOptions options;

    @Mixin
    private EvaluationFiles files;

    @Option(names = "--quiet", description = "Nothing on standard error but warnings and errors.")
    private boolean quiet;

    private EvaluateCommand(Console console, OutputFolder.Opener opener) {
        this.console = console;
        this.opener = opener;
    }

    /** The command with those below it. They need no model, and picocli would ask for it before them, so this command asks itself. */
    static CommandLine commandLine(Console console, OutputFolder.Opener opener) {
        CommandLine command = new CommandLine(new EvaluateCommand(console, opener));
        CommandSpec spec = command.getCommandSpec();
        OptionSpec model = spec.findOption("--model");
        spec.remove(model);
        spec.addOption(model.toBuilder().required(false).order(FIRST).build());
        command.addSubcommand(new EvaluateMergeCommand(console, opener));
        command.addSubcommand(new EvaluateCompareCommand(console));
        return command;
    }

    @Override
    public Integer call() throws IOException {
        if (spec.findOption("--model").getValue() == null) throw new ParameterException(spec.commandLine(), "missing required option: '--model=DIR'");
        files.check();
        if (evaluation.sweepsText() && !options.words().described()) throw new UsageException("--sweep text needs --descriptions FILE or builtin");
        SegmentSettings settings = options.settings();
        options.model().check(console);
        Optional<Preset> preset = options.words().preset();
        Vocabulary classes = options.words().vocabulary();
        DataSet data = evaluation.data(preset, classes);
        List<Sample> samples = evaluation.samples(data);
        Words words = words(classes);
        LabelCheck.warnings(data, CHECKED_MAPS).forEach(console::warning);

        try (OutputFolder folder = files.out() == null ? null : OutputFolder.open(files.out(), opener);
             Segmenter segmenter = options.model().open()) {
            String pictureCount = StartMessage.count(samples.size(), "picture", "pictures");
            note("freecp " + Version.number() + ": " + pictureCount + " of " + data.name() + " (" + data.layout() + ")");
            StartMessage.lines(segmenter, options.model().describe(segmenter), settings, options.words().mode(), words).forEach(this::note);
            Sweep.Base base = new Sweep.Base(settings, words.features(segmenter, console, quiet), text(), evaluation.oracle());
            List<Variant> variants = sweep(segmenter, classes, settings).variants(base);
            if (variants.size() > 1) note(StartMessage.line("runs", variants.size() + " at once"));
            String mode = Converters.text(options.words().mode());
            RunFacts facts = new RunFacts(Version.number(), segmenter.clip(), segmenter.device(), mode, settings, words.report());
            Map<String, Object> identity = EvaluationManifest.settings(facts, segmenter.precision(), data, variants, words.identity());
            Map<String, Journal.Line> pictures;
            try (Journal journal = folder == null ? null : Journal.open(folder.path(JOURNAL), identity, data.classes(), variants.size())) {
                pictures = run(segmenter, variants, data, samples, journal);
            }
            Map<String, Object> manifest = EvaluationManifest.of(facts, data, evaluation.root(), data.samples().size());
            List<Evaluation.Run> runs = variants.stream().map(EvaluationManifest::run).toList();
            Evaluation result = new Evaluation(manifest, identity, data.classNames(), runs, pictures);
            files.write(result, console, opener);
            if (files.isMachineOutput()) return 0;
            EvaluationSummary.of(result).forEach(console::result);
            preset.ifPresent(known -> published(segmenter, known, variants, result));
            return 0;
        }
    }

    /** The words of the run: the classes, under other names if asked for, and behind them the absent ones. */
    private Words words(Vocabulary classes) {
        Map<String, String> renamed = evaluation.renamed(classes);
        renamed.entrySet().stream().findFirst().ifPresent(first -> {
            String all = renamed.size() + " of " + StartMessage.count(classes.foregroundWords(), "word", "words");
            note(StartMessage.line("renamed", all + ", such as " + first.getKey() + " to " + first.getValue()));
        });
        Vocabulary all = classes.withNames(word -> renamed.getOrDefault(word, word)).plus(evaluation.absent(classes));
        return options.words().words(all, evaluation.sweepsText() ? TextSource.TEMPLATES : options.words().source(), renamed);
    }

    private TextChoice text() {
        return new TextChoice(options.words().source(), options.words().described() ? TextSource.DESCRIPTIONS : TextSource.TEMPLATES);
    }

    /** What is varied, without read-outs that the model cannot do. */
    private Sweep sweep(Segmenter segmenter, Vocabulary classes, SegmentSettings settings) {
        List<Step> steps = settings.purify().steps();
        Sweep sweep = evaluation.sweep(classes, steps);
        int blocks = settings.readOut().gemBlocks() + 1, layers = segmenter.clip().config().vision().layers();
        if (!sweep.methods().contains(ReadOut.GEM) || layers >= blocks) return sweep;
        console.warning("gem is left out: it needs a vision tower of at least " + blocks + " blocks, this one has " + layers);
        return sweep.without(ReadOut.GEM);
    }

    /** Evaluates what the journal does not have yet. */
    private Map<String, Journal.Line> run(Segmenter segmenter, List<Variant> variants, DataSet data, List<Sample> samples, Journal journal) {
        Map<String, Journal.Line> known = journal == null ? Map.of() : journal.done();
        List<Sample> missing = samples.stream().filter(sample -> !known.containsKey(sample.id())).toList();
        if (missing.size() < samples.size())
            note(StartMessage.line("journal", samples.size() - missing.size() + " of " + samples.size() + " pictures are done already"));
        Map<String, Journal.Line> fresh = new LinkedHashMap<>();
        long start = System.nanoTime();
        try (Progress progress = Progress.of(console, quiet, "pictures", missing.size())) {
            new Evaluator(segmenter, variants, data.classes()).run(missing, line -> {
                if (journal != null) journal.append(line);
                fresh.put(line.id(), line);
                progress.step(1);
            });
        } catch (InputException e) {
            int done = samples.size() - missing.size() + fresh.size();
            if (journal != null) note(done + " of " + samples.size() + " pictures are in the journal; the same command goes on with the others");
            throw e;
        }
        double seconds = (System.nanoTime() - start) * 1e-9;
        if (!missing.isEmpty())
            note(String.format(Locale.ROOT, "%d pictures in %.1f s (%.2f a second)", missing.size(), seconds, missing.size() / seconds));
        Map<String, Journal.Line> all = new LinkedHashMap<>();
        for (Sample sample : samples) all.put(sample.id(), fresh.containsKey(sample.id()) ? fresh.get(sample.id()) : known.get(sample.id()));
        return all;
    }

    /** The paper's scores beside those of runs that do what the paper did. */
    private void published(Segmenter segmenter, Preset preset, List<Variant> variants, Evaluation result) {
        if (!evaluation.isWholeTask() || !options.words().isPresetOnly()) return;
        for (int run = 0; run < variants.size(); run++) {
            Variant variant = variants.get(run);
            OptionalDouble score = PublishedScores.of(segmenter.clip().config().vision(), preset, variant);
            if (score.isEmpty()) continue;
            double own = result.totals(run).confusion().meanIou();
            console.result(String.format(Locale.ROOT, "%s: the paper reports %.1f, difference %+.2f",
                variant.name(), score.getAsDouble(), own - score.getAsDouble()));
        }
    }

    private void note(String line) {
        if (!quiet) console.note(line);
    }
}
