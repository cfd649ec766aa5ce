package dev.freecp.parity;

import com.fasterxml.jackson.jr.ob.JSON;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/** A {@link ParityReport} for machines. */
public final class ParityJson {

    private ParityJson() {
    }

    /**
     * An object with {@code folder}, {@code device}, {@code pass}, the numbers of {@code goldens}, {@code checks} and {@code failures}, {@code first}
     * (for each golden that fails the first stage that differs), and {@code results}, one for each {@link Check}. Differences that are no number are
     * null.
     */
    public static String write(ParityReport report) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("folder", report.folder().toString());
        json.put("device", report.device());
        json.put("pass", report.pass());
        json.put("goldens", report.goldens().size());
        json.put("checks", report.checks().size());
        json.put("failures", report.failures().size());
        Map<String, Object> first = new LinkedHashMap<>();
        for (String golden : report.goldens()) ParityReport.firstFailure(report.of(golden)).ifPresent(check -> first.put(golden, check.name()));
        json.put("first", first);
        json.put("results", report.checks().stream().map(ParityJson::check).toList());
        try {
            return JSON.std.with(JSON.Feature.PRETTY_PRINT_OUTPUT).with(JSON.Feature.WRITE_NULL_PROPERTIES).asString(json);
        } catch (IOException e) {
            throw new UncheckedIOException("a string cannot fail to be written", e);
        }
    }

    private static Map<String, Object> check(Check check) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("golden", check.golden());
        json.put("stage", check.stage().label());
        json.put("name", check.name());
        json.put("mode", check.mode().name().toLowerCase(Locale.ROOT));
        json.put("verdict", check.verdict().name().toLowerCase(Locale.ROOT));
        json.put("worst", Double.isFinite(check.worst()) ? check.worst() : null);
        json.put("limit", check.limit());
        json.put("note", check.note());
        return json;
    }
}
