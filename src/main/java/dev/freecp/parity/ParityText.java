package dev.freecp.parity;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** A {@link ParityReport} for people: one line a golden, failures in full, and at the end what it comes to. */
public final class ParityText {

    private static final List<String> ONE_A_GOLDEN = List.of("golden", "checks", "of limit", "closest stage", "", "");
    private static final List<String> ONE_A_CHECK = List.of("golden", "stage", "mode", "worst", "limit", "", "");
    /** Columns that stand flush right. */
    private static final List<String> NUMBERS = List.of("checks", "of limit", "worst", "limit");

    private ParityText() {
    }

    /** @param verbose every comparison instead of one line a golden */
    public static void print(ParityReport report, PrintStream out, boolean verbose) {
        if (verbose) table(report.checks().stream().map(ParityText::row).toList(), ONE_A_CHECK, out);
        else table(report.goldens().stream().map(golden -> row(golden, report.of(golden))).toList(), ONE_A_GOLDEN, out);
        List<Check> failures = report.failures();
        for (String golden : report.goldens()) {
            List<Check> failed = failures.stream().filter(check -> check.golden().equals(golden)).toList();
            if (failed.isEmpty()) continue;
            Check first = ParityReport.firstFailure(failed).orElseThrow();
            out.println();
            out.println(golden + ": the first stage that differs is " + first.name() + " (" + mode(first) + ")");
            table(failed.stream().map(ParityText::row).toList(), ONE_A_CHECK, out);
        }
        out.println();
        out.println(summary(report));
    }

    /** {@code parity: 41 goldens, 2,318 checks, all within their limits (worst: 0.31 of its limit, w00.refined_raw of seg/sixty.GEM)}. */
    public static String summary(ParityReport report) {
        List<Check> failures = report.failures();
        String head = String.format(Locale.ROOT, "parity: %,d goldens, %,d checks, ", report.goldens().size(), report.checks().size());
        if (report.checks().isEmpty()) return head + "nothing to compare";
        if (!failures.isEmpty())
            return head + String.format(Locale.ROOT, "%,d FAILED in %,d goldens", failures.size(), failures.stream().map(Check::golden).distinct().count());
        Optional<Check> closest = ParityReport.closest(report.checks());
        return head + "all within their limits"
            + closest.map(check -> String.format(Locale.ROOT, " (worst: %.2f of its limit, %s of %s)", check.share(), check.name(), check.golden())).orElse("");
    }

    private static List<String> row(String golden, List<Check> checks) {
        Optional<Check> closest = ParityReport.closest(checks);
        long flips = checks.stream().filter(check -> check.verdict() == Check.Verdict.FLIP).count();
        boolean pass = checks.stream().allMatch(Check::pass);
        return List.of(golden, Integer.toString(checks.size()), closest.map(check -> String.format(Locale.ROOT, "%.2f", check.share())).orElse("equal"),
            closest.map(Check::name).orElse(""), pass ? "pass" : "FAIL", flips == 0 ? "" : flips + " flipped within their margins");
    }

    private static List<String> row(Check check) {
        String verdict = check.verdict() == Check.Verdict.FAIL ? "FAIL" : check.verdict().name().toLowerCase(Locale.ROOT);
        return List.of(check.golden(), check.name(), mode(check), number(check.worst()), number(check.limit()), verdict, check.note());
    }

    private static String mode(Check check) {
        return check.mode() == Check.Mode.CHAIN ? "whole chain" : "by itself";
    }

    private static String number(double value) {
        return Double.isInfinite(value) ? "-" : value == (int) value ? Integer.toString((int) value) : String.format(Locale.ROOT, "%.1e", value);
    }

    private static void table(List<List<String>> rows, List<String> header, PrintStream out) {
        List<List<String>> all = new ArrayList<>(List.of(header));
        all.addAll(rows);
        int[] widths = new int[header.size()];
        for (List<String> row : all) for (int i = 0; i < widths.length - 1; i++) widths[i] = Math.max(widths[i], row.get(i).length());
        for (List<String> row : all) {
            StringBuilder line = new StringBuilder();
            for (int i = 0; i < widths.length; i++) {
                String cell = row.get(i), pad = " ".repeat(Math.max(0, widths[i] - cell.length()));
                line.append(NUMBERS.contains(header.get(i)) ? pad + cell : cell + pad).append("  ");
            }
            out.println(line.toString().stripTrailing());
        }
    }
}
