package dev.freecp.bench.study;

import dev.freecp.image.LabelMap;
import dev.freecp.image.Picture;
import dev.freecp.report.Canvas;
import dev.freecp.report.LabelColors;
import dev.freecp.segment.SegmentSettings;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;

/** Labels as panels, each with how much of it is right, where the truth is known. */
final class LabelPanels {

    private static final double TINT = 0.75;

    private LabelPanels() {
    }

    static Sheet begin(Subject subject, int columns) {
        Sheet sheet = new Sheet(columns).add("the picture", subject.picture());
        Picture truth = subject.truth();
        if (truth == null) return sheet;
        List<String> names = subject.words().vocabulary().labelNames();
        Set<Integer> there = new TreeSet<>();
        for (int y = 0; y < truth.height(); y++) for (int x = 0; x < truth.width(); x++) there.add(truth.rgb(y, x));
        for (int label : there) if (label < names.size()) sheet.explain(names.get(label), LabelColors.of(label));
        return sheet.add("as it was drawn", painted(subject, truth));
    }

    static void add(Sheet sheet, Subject subject, String caption, SegmentSettings settings) {
        LabelMap labels = subject.result(settings).labels();
        Picture map = Panels.of(labels.height(), labels.width(), (y, x) -> labels.labels()[y * labels.width() + x]);
        String share = subject.truth() == null ? "" : String.format(Locale.ROOT, ": %.0f %%", 100 * agreement(map, subject.truth()));
        sheet.add(caption + share, painted(subject, map));
    }

    /** Share of equal pixels. */
    static double agreement(Picture a, Picture b) {
        int equal = 0;
        for (int y = 0; y < a.height(); y++) for (int x = 0; x < a.width(); x++) if (a.rgb(y, x) == b.rgb(y, x)) equal++;
        return (double) equal / a.height() / a.width();
    }

    private static Picture painted(Subject subject, Picture labels) {
        return Panels.of(labels.height(), labels.width(), (y, x) -> Canvas.mix(subject.picture().rgb(y, x), LabelColors.of(labels.rgb(y, x)), TINT));
    }
}
