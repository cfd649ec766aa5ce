package dev.freecp.evaluate;

import dev.freecp.clip.ReadOut;
import dev.freecp.clip.ReadOutSettings;
import dev.freecp.error.UsageException;
import dev.freecp.purify.PurifySettings;
import dev.freecp.purify.Step;
import dev.freecp.segment.SegmentSettings;
import dev.freecp.segment.WordFeatures;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * What one run varies; every combination becomes a {@link Variant}. An empty list leaves the base as it is.
 *
 * @param methods read-outs
 * @param steps   lists of steps
 * @param tauR    thresholds of redundancy purification
 * @param tauA    thresholds of ambiguity purification
 * @param texts   sentences at the start and in ambiguity purification
 * @param oracle  whether the true classes are given
 * @param absent  numbers of words that are no class of the data set
 */
public record Sweep(List<ReadOut> methods, List<List<Step>> steps, List<Float> tauR, List<Float> tauA, List<TextChoice> texts, List<Boolean> oracle,
                    List<Integer> absent) {

    /** Nothing is varied. */
    public static final Sweep NONE = new Sweep(List.of(), List.of(), List.of(), List.of(), List.of(), List.of(), List.of());

    private static final List<String> VARIED = List.of("methods", "steps", "text", "oracle", "tau-r", "tau-a");
    private static final Map<String, String> GRIDS = Map.of("tau-r", "0:0.05:0.1:0.15:0.2:0.25", "tau-a", "0.5:0.6:0.7:0.8:0.9:1");
    private static final List<String> STEP_LISTS = List.of("none", "refine", "refine,rp", "refine,ap", "refine,ap,rp", "refine,rp,ap");

    /**
     * What stands for whatever is not varied.
     *
     * @param words of the data set's classes, then absent words, as many as the largest number of them
     */
    public record Base(SegmentSettings settings, WordFeatures words, TextChoice text, boolean oracle) {
    }

    /**
     * Reads {@code methods}, {@code steps}, {@code text}, {@code oracle}, {@code tau-r} and {@code tau-a}, separated by commas; a threshold may have
     * its own grid, as {@code tau-r=0.05:0.1:0.15}.
     *
     * @throws UsageException if a name is unknown or a grid is none
     */
    public static Sweep parse(String text) {
        Map<String, String> varied = new HashMap<>();      // with the grid, where there is one
        for (String part : text.split(",", -1)) {
            String[] named = part.strip().split("=", 2);
            if (!VARIED.contains(named[0]))
                throw new UsageException("there is no sweep over '" + named[0] + "'; choose among " + String.join(", ", VARIED));
            if (named.length == 2 && !named[0].startsWith("tau-"))
                throw new UsageException("'" + part.strip() + "' in a sweep: only tau-r and tau-a have a grid");
            varied.put(named[0], named.length == 2 ? named[1] : GRIDS.getOrDefault(named[0], ""));
        }
        return new Sweep(
            varied.containsKey("methods") ? List.of(ReadOut.values()) : List.of(),
            varied.containsKey("steps") ? STEP_LISTS.stream().map(Step::parse).toList() : List.of(),
            varied.containsKey("tau-r") ? grid(varied.get("tau-r")) : List.of(),
            varied.containsKey("tau-a") ? grid(varied.get("tau-a")) : List.of(),
            varied.containsKey("text") ? TextChoice.all() : List.of(),
            varied.containsKey("oracle") ? List.of(false, true) : List.of(),
            List.of());
    }

    private static List<Float> grid(String text) {
        try {
            List<Float> thresholds = Arrays.stream(text.split(":", -1)).map(Float::parseFloat).toList();
            if (thresholds.stream().allMatch(threshold -> threshold >= 0 && threshold <= 1)) return thresholds;
        } catch (NumberFormatException _) {
            // told below
        }
        throw new UsageException("'" + text + "' is no grid of thresholds from 0 to 1 such as 0.05:0.1:0.15");
    }

    /** The same over other lists of steps. */
    public Sweep withSteps(List<List<Step>> other) {
        return new Sweep(methods, other, tauR, tauA, texts, oracle, absent);
    }

    /** The same over numbers of absent words. */
    public Sweep withAbsent(List<Integer> counts) {
        return new Sweep(methods, steps, tauR, tauA, texts, oracle, counts);
    }

    /** The same without a read-out that the model cannot do. */
    public Sweep without(ReadOut method) {
        return new Sweep(methods.stream().filter(other -> other != method).toList(), steps, tauR, tauA, texts, oracle, absent);
    }

    /** All combinations, method first; those that differ only in what their steps do not use come once. */
    public List<Variant> variants(Base base) {
        PurifySettings purify = base.settings.purify();
        Map<List<Object>, Variant> variants = new LinkedHashMap<>();
        for (ReadOut method : or(methods, base.settings.readOut().method()))
            for (List<Step> list : or(steps, purify.steps()))
                for (float r : or(tauR, purify.redundancyThreshold()))
                    for (float a : or(tauA, purify.ambiguityThreshold()))
                        for (TextChoice text : or(texts, base.text))
                            for (boolean given : or(oracle, base.oracle))
                                for (int more : or(absent, 0)) {
                                    SegmentSettings settings = withMethod(base.settings, method).with(purify.withSteps(list).withThresholds(r, a));
                                    Variant.Choice choice = new Variant.Choice(text, more, given);
                                    variants.computeIfAbsent(key(settings, choice),
                                        _ -> new Variant(name(settings, choice), choice, words(base, choice), settings));
                                }
        return List.copyOf(variants.values());
    }

    private static <T> List<T> or(List<T> swept, T base) {
        return swept.isEmpty() ? List.of(base) : swept;
    }

    private static SegmentSettings withMethod(SegmentSettings settings, ReadOut method) {
        return settings.with(new ReadOutSettings(method, settings.readOut().form(), settings.readOut().gemBlocks()));
    }

    private WordFeatures words(Base base, Variant.Choice choice) {
        WordFeatures chosen = texts.isEmpty() ? base.words : choice.text().of(base.words);
        int all = chosen.vocabulary().classes().size(), spare = absent.stream().max(Integer::compare).orElse(0);
        return spare == choice.absent() ? chosen : chosen.only(IntStream.range(0, all - spare + choice.absent()).toArray());
    }

    /** What the labels depend on. */
    private static List<Object> key(SegmentSettings settings, Variant.Choice choice) {
        PurifySettings p = settings.purify();
        boolean rp = p.steps().contains(Step.REDUNDANCY), ap = p.steps().contains(Step.AMBIGUITY);
        return Arrays.asList(settings.readOut(), p.steps(), rp ? p.redundancyThreshold() : null, ap ? p.ambiguityThreshold() : null,
            choice.text().start(), ap ? choice.text().ambiguity() : null, choice.oracle(), choice.oracle() ? null : choice.absent());
    }

    /** Method and steps, then whatever else is varied and matters. */
    private String name(SegmentSettings settings, Variant.Choice choice) {
        PurifySettings p = settings.purify();
        List<String> parts = new ArrayList<>(List.of(settings.readOut().method().name().toLowerCase(Locale.ROOT), Step.format(p.steps())));
        if (!tauR.isEmpty() && p.steps().contains(Step.REDUNDANCY)) parts.add("tau-r " + p.redundancyThreshold());
        if (!tauA.isEmpty() && p.steps().contains(Step.AMBIGUITY)) parts.add("tau-a " + p.ambiguityThreshold());
        boolean crops = p.steps().contains(Step.AMBIGUITY);
        if (!texts.isEmpty()) parts.add("text " + (crops ? choice.text().toString() : choice.text().start().name().toLowerCase(Locale.ROOT)));
        if (choice.oracle()) parts.add("oracle");
        if (!absent.isEmpty() && !choice.oracle()) parts.add("+" + choice.absent() + " words");
        return String.join(" ", parts);
    }
}
