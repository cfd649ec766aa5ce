package dev.freecp.evaluate;

import dev.freecp.error.InputException;
import dev.freecp.error.UsageException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What came of a run, or of several that were merged: exact counts of every picture under every variant.
 *
 * @param manifest where the numbers come from: program, model, device, machine, data; plain values that become JSON
 * @param settings all that decides the counts, likewise; the same for runs that may be merged
 * @param labels   names of the K classes
 * @param runs     name and choices of each variant
 * @param pictures id to counts, one for each of {@code runs}, in the order of evaluation
 */
public record Evaluation(Map<String, Object> manifest, Map<String, Object> settings, List<String> labels, List<Run> runs,
                         Map<String, Journal.Line> pictures) {

    /**
     * A variant.
     *
     * @param name   tells it from the others
     * @param facts  its choices as they become JSON: method, steps, thresholds, text, absent words, oracle
     */
    public record Run(String name, Map<String, Object> facts) {
    }

    /** Counts of all pictures under one variant, by id. */
    public Map<String, PictureCounts> counts(int run) {
        Map<String, PictureCounts> counts = new LinkedHashMap<>();
        pictures.forEach((id, line) -> counts.put(id, line.counts().get(run)));
        return counts;
    }

    /** Their sums. */
    public Totals totals(int run) {
        return Totals.of(labels.size(), counts(run).values());
    }

    /** 95 % of mIoU by bootstrap over pictures; the same for the same pictures, in whatever order or number of parts they were evaluated. */
    public Bootstrap.Interval interval(int run) {
        return Bootstrap.STANDARD.meanIou(labels.size(), List.copyOf(new TreeMap<>(counts(run)).values()));
    }

    /** The number of a run by its name; without a name the only one. */
    public int run(String name) {
        if (name == null && runs.size() == 1) return 0;
        for (int run = 0; run < runs.size(); run++) if (runs.get(run).name.equals(name)) return run;
        String names = String.join("; ", runs.stream().map(Run::name).toList());
        throw new UsageException((name == null ? "there are several runs; name one" : "there is no run '" + name + "'") + " of: " + names);
    }

    /** SHA-256 over the pictures' own, sorted by id: equal for the same data, in whatever order or number of parts it was evaluated. */
    public String dataSha256() {
        MessageDigest digest = Sha256.digest();
        new TreeMap<>(pictures).forEach((id, line) -> digest.update((id + " " + line.sha256() + "\n").getBytes(StandardCharsets.UTF_8)));
        return HexFormat.of().formatHex(digest.digest());
    }

    /**
     * Parts of one evaluation as one.
     *
     * @param parts by the name to call each in messages
     * @throws InputException if settings differ, or a picture is in two of them
     */
    public static Evaluation merge(Map<String, Evaluation> parts) {
        Map.Entry<String, Evaluation> first = parts.entrySet().iterator().next();
        Map<String, Journal.Line> pictures = new LinkedHashMap<>();
        Map<String, String> owner = new LinkedHashMap<>();
        parts.forEach((name, part) -> {
            Evaluation other = first.getValue();
            if (!part.settings.equals(other.settings) || !part.labels.equals(other.labels) || !part.runs.equals(other.runs))
                throw new InputException(name + ": was made with other settings than " + first.getKey() + " and cannot be merged with it");
            part.pictures.forEach((id, line) -> {
                String earlier = owner.put(id, name);
                if (earlier != null) throw new InputException(name + ": picture " + id + " is in " + earlier + " already; parts must not overlap");
                pictures.put(id, line);
            });
        });
        Map<String, Object> manifest = new LinkedHashMap<>(first.getValue().manifest);
        manifest.put("merged", List.copyOf(parts.keySet()));
        return new Evaluation(manifest, first.getValue().settings, first.getValue().labels, first.getValue().runs, pictures);
    }
}
