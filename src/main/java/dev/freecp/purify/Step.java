package dev.freecp.purify;

import dev.freecp.error.UsageException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** A step of the method; a run does a list of them in order (specification, section 9.1; the paper's Table 3). */
public enum Step {
    /** Spread each class map along the affinity (section 6). */
    REFINE("refine"),
    /** Remove classes whose refined map disagrees with the map before (section 7). */
    REDUNDANCY("rp"),
    /** Among classes with the same region keep the ones that win a closer look (section 8). */
    AMBIGUITY("ap");

    private final String word;

    Step(String word) {
        this.word = word;
    }

    /** The released program's order: refine, rp, ap. */
    public static List<Step> all() {
        return List.of(REFINE, REDUNDANCY, AMBIGUITY);
    }

    /**
     * Reads {@code none}, {@code refine}, {@code refine,rp}, {@code refine,ap}, {@code refine,ap,rp} or {@code refine,rp,ap}.
     *
     * @throws UsageException if a word is unknown, comes twice, or purification is asked for without refinement before it
     */
    public static List<Step> parse(String text) {
        List<Step> steps = new ArrayList<>();
        if (text.strip().equals("none")) return List.of();
        for (String part : text.split(",", -1)) {
            Step step = Arrays.stream(values()).filter(s -> s.word.equals(part.strip())).findFirst().orElseThrow(() -> new UsageException(
                "unknown step '" + part.strip() + "' in '" + text + "': steps are none, or refine, rp and ap separated by commas"));
            steps.add(step);
        }
        requireOrder(steps);
        return List.copyOf(steps);
    }

    /** @throws UsageException if a step comes twice, or purification without refinement before it */
    static void requireOrder(List<Step> steps) {
        for (Step step : steps)
            if (steps.indexOf(step) != steps.lastIndexOf(step)) throw new UsageException("step '" + step + "' comes twice in '" + format(steps) + "'");
        if (!steps.isEmpty() && steps.getFirst() != REFINE)
            throw new UsageException("steps '" + format(steps) + "' do not begin with refine: rp and ap compare refined maps");
    }

    /** The steps in the form that {@link #parse} reads. */
    public static String format(List<Step> steps) {
        return steps.isEmpty() ? "none" : String.join(",", steps.stream().map(s -> s.word).toList());
    }

    /** {@code refine}, {@code rp} or {@code ap}. */
    @Override
    public String toString() {
        return word;
    }
}
