package dev.freecp.parity;

import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * The outcome of a parity run.
 *
 * @param folder of the goldens
 * @param device the backend, in words
 * @param checks every comparison, in the order in which they were made
 */
public record ParityReport(Path folder, String device, List<Check> checks) {

    public ParityReport {
        checks = List.copyOf(checks);
    }

    /** True if something was compared and everything holds. */
    public boolean pass() {
        return !checks.isEmpty() && checks.stream().allMatch(Check::pass);
    }

    /** Names of the goldens, in order. */
    public List<String> goldens() {
        return checks.stream().map(Check::golden).distinct().toList();
    }

    /** The comparisons of one golden. */
    public List<Check> of(String golden) {
        return checks.stream().filter(check -> check.golden().equals(golden)).toList();
    }

    /** The comparisons that failed. */
    public List<Check> failures() {
        return checks.stream().filter(check -> !check.pass()).toList();
    }

    /** The first stage, in the order of the algorithm, in which one of these comparisons failed; the whole chain before the stage by itself. */
    public static Optional<Check> firstFailure(List<Check> checks) {
        return checks.stream().filter(check -> !check.pass())
            .min(Comparator.comparing(Check::stage).thenComparing(Check::mode).thenComparing(Check::name));
    }

    /** Of the comparisons with a limit above 0 that hold, the one that came closest to it. */
    public static Optional<Check> closest(List<Check> checks) {
        return checks.stream().filter(check -> check.pass() && check.limit() > 0).max(Comparator.comparingDouble(Check::share));
    }
}
