package dev.freecp.cli;

import dev.freecp.error.UsageException;
import dev.freecp.evaluate.AbsentWords;
import dev.freecp.evaluate.Shard;
import dev.freecp.evaluate.Sweep;
import dev.freecp.evaluate.Synonyms;
import dev.freecp.evaluate.data.DataSet;
import dev.freecp.evaluate.data.DataSets;
import dev.freecp.evaluate.data.Sample;
import dev.freecp.purify.Step;
import dev.freecp.segment.Preset;
import dev.freecp.segment.Vocabulary;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import picocli.CommandLine.Option;

/** Which pictures are evaluated, and what a run varies. */
final class EvaluationOptions {

    private static final String SYNONYMS = "synonyms";
    private static final String BUILT_IN = "builtin";
    private static final int[] EIGHTHS = {0, 1, 2, 4, 8};

    @Option(names = "--root", paramLabel = "DIR",
        description = "The data set's folder, as its publisher ships it; without --preset a folder laid out as PASCAL VOC.")
    private Path root;

    @Option(names = "--split", paramLabel = "NAME|FILE",
        description = "Which pictures: a split such as val, or a file with one name a line; default the data set's own.")
    private String split;

    @Option(names = "--palette", paramLabel = "FILE", description = "For a folder whose label files hold colours: which colour is which class.")
    private Path palette;

    @Option(names = "--reduce-zero-label",
        description = "For a folder: label 0 of its files is not judged, and the classes count from 1. A preset knows this itself.")
    private boolean reduceZeroLabel;

    @Option(names = "--limit", paramLabel = "N", description = "Only the first N pictures.")
    private Integer limit;

    @Option(names = "--shard", paramLabel = "I/N", converter = ShardOf.class,
        description = "Only part I of N, to share the work among machines; 'freecp evaluate merge' puts parts together.")
    private Shard shard;

    @Option(names = "--sweep", paramLabel = "LIST", converter = SweepOver.class,
        description = "Vary, in all combinations: methods, steps, text (templates or descriptions, at the start and in ambiguity purification), "
            + "oracle, tau-r, tau-a; thresholds over a grid of their own as tau-r=0.05:0.1:0.15.")
    private Sweep sweep;

    @Option(names = "--oracle", description = "Offer only the words of the classes that a picture's truth has (and the background).")
    private boolean oracle;

    @Option(names = "--distractors", paramLabel = "N|FILE|synonyms",
        description = "Stress test: add words that are in no picture, with and without purification; N of the program's nouns, or those of a file, "
            + "in five steps from none to all, or as many as a list says (0,50,100); or near-synonyms of the classes.")
    private String distractors;

    @Option(names = "--rename", arity = "0..1", paramLabel = "FILE", fallbackValue = BUILT_IN,
        description = "Call classes by another name: the program's synonyms, or a JSON object of word to names.")
    private String rename;

    static final class ShardOf extends Converters.Refusing<Shard> {
        @Override
        Shard read(String text) {
            return Shard.parse(text);
        }
    }

    static final class SweepOver extends Converters.Refusing<Sweep> {
        @Override
        Sweep read(String text) {
            return Sweep.parse(text);
        }
    }

    Path root() {
        if (root == null) throw new UsageException("--root is missing; name the data set's folder");
        return root;
    }

    boolean oracle() {
        return oracle;
    }

    /** Whether all pictures of the data set's own split are evaluated, under the classes' own names. */
    boolean isWholeTask() {
        return limit == null && shard == null && split == null && rename == null;
    }

    DataSet data(Optional<Preset> preset, Vocabulary vocabulary) {
        DataSets.Options options = new DataSets.Options(split, vocabulary.labelNames(), reduceZeroLabel, palette);
        return DataSets.open(root(), preset.map(Preset::key).orElse(null), options);
    }

    /** The pictures of this run. */
    List<Sample> samples(DataSet data) {
        if (limit != null && limit < 1) throw new UsageException("--limit must be at least 1, not " + limit);
        List<Sample> samples = data.samples().subList(0, limit == null ? data.samples().size() : Math.min(limit, data.samples().size()));
        List<Sample> part = shard == null ? samples : shard.of(samples);
        if (part.isEmpty())
            throw new UsageException("shard " + shard + " of " + samples.size() + " pictures is empty; make fewer shards");
        return part;
    }

    /** Class words to the other names that they are called by; empty without --rename. */
    Map<String, String> renamed(Vocabulary vocabulary) {
        if (rename == null) return Map.of();
        Map<String, String> renamed = synonyms().rename(vocabulary);
        String list = rename.equals(BUILT_IN) ? "the program's list; give one as a file" : rename;
        if (renamed.isEmpty()) throw new UsageException("--rename: no class has another name in " + list);
        return renamed;
    }

    private Synonyms synonyms() {
        return rename == null || rename.equals(BUILT_IN) ? Synonyms.builtIn() : Synonyms.read(Path.of(rename));
    }

    /** All absent words of the run, in the order in which they are added. */
    List<String> absent(Vocabulary vocabulary) {
        if (distractors == null) return List.of();
        AbsentWords pool = pool(vocabulary);
        return pool.first(Arrays.stream(counts(pool)).max().orElse(0));
    }

    /** What is varied. A stress test compares with no purification, if steps are not varied anyway. */
    Sweep sweep(Vocabulary vocabulary, List<Step> steps) {
        Sweep chosen = sweep == null ? Sweep.NONE : sweep;
        if (distractors == null) return chosen;
        Sweep stress = chosen.withAbsent(Arrays.stream(counts(pool(vocabulary))).boxed().toList());
        return chosen.steps().isEmpty() ? stress.withSteps(List.of(List.of(), steps)) : stress;
    }

    /** Whether both sentences of a word are varied, which needs them both. */
    boolean sweepsText() {
        return sweep != null && !sweep.texts().isEmpty();
    }

    private boolean isCounts() {
        return distractors.matches("\\d{1,6}(,\\d{1,6})*");
    }

    private AbsentWords pool(Vocabulary vocabulary) {
        if (isCounts()) return AbsentWords.builtIn(vocabulary);
        return distractors.equals(SYNONYMS) ? AbsentWords.synonyms(vocabulary, synonyms()) : AbsentWords.read(Path.of(distractors), vocabulary);
    }

    /** Increasing numbers of words: as listed, or none, an eighth, a quarter, a half and all. */
    private int[] counts(AbsentWords pool) {
        int[] listed = {pool.words().size()};
        if (isCounts()) listed = Arrays.stream(distractors.split(",")).mapToInt(Integer::parseInt).sorted().distinct().toArray();
        if (listed.length > 1) return listed;
        int all = listed[0];
        return IntStream.of(EIGHTHS).map(eighths -> all * eighths / 8).distinct().toArray();
    }
}
