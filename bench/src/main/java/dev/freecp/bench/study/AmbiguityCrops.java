package dev.freecp.bench.study;

import dev.freecp.image.Picture;
import dev.freecp.ops.Box;
import dev.freecp.ops.Region;
import dev.freecp.purify.WindowReport;
import java.util.List;
import java.util.Locale;

/** Words that claim the same place: how much their maps overlap, and what a closer look at each place says. */
final class AmbiguityCrops implements Study {

    private static final int SIDE = 224;

    @Override
    public String name() {
        return "ambiguity";
    }

    @Override
    public Picture draw(Subject subject) {
        WindowReport report = subject.result().reports().get(subject.window());
        Sheet sheet = new Sheet(3).add("the window", square(subject.pixels()));
        String overlaps = "w%02d.ap_iou".formatted(subject.window());
        if (subject.has(overlaps)) {
            Rows overlap = subject.stage(overlaps);
            sheet.add("overlap of %d words".formatted(overlap.cols()), square(Panels.heat(overlap.values(), overlap.cols(), 1, 1)));
        }
        for (WindowReport.Group group : report.groups() == null ? List.<WindowReport.Group>of() : report.groups())
            for (WindowReport.Crop crop : group.crops()) sheet.add(said(subject, group, crop), square(cut(subject, crop.box())));
        return sheet.draw(name());
    }

    /** Words and scores, the winner first. */
    private static String said(Subject subject, WindowReport.Group group, WindowReport.Crop crop) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < group.words().length; i++) {
            String word = subject.word(subject.words().vocabulary().backgroundWords() + group.words()[i]);
            String one = String.format(Locale.ROOT, "%s %.1f", word, crop.scores()[i]);
            if (i == crop.winner()) text.insert(0, one + (text.isEmpty() ? "" : " > "));
            else text.append(text.isEmpty() ? "" : " > ").append(one);
        }
        return text.toString();
    }

    private static Picture cut(Subject subject, Box box) {
        Picture whole = subject.resized();
        Region place = subject.place();
        int patch = subject.tower().patch(), top = place.y0() + patch * box.y0(), left = place.x0() + patch * box.x0();
        return Panels.of(patch * (box.y1() - box.y0()), patch * (box.x1() - box.x0()), (y, x) -> whole.rgb(top + y, left + x));
    }

    private static Picture square(Picture picture) {
        return Panels.stretched(picture, SIDE, SIDE);
    }
}
