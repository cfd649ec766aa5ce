package dev.freecp.bench.study;

import dev.freecp.clip.ReadOut;
import dev.freecp.clip.ReadOutSettings;
import dev.freecp.image.Picture;
import dev.freecp.segment.SegmentSettings;
import java.util.List;
import java.util.Locale;

/** What the last block's attention decides: labels of the same picture by four read-outs, without purification. GEM needs a deeper tower. */
final class ReadOuts implements Study {

    @Override
    public String name() {
        return "read-outs";
    }

    @Override
    public Picture draw(Subject subject) {
        SegmentSettings plain = subject.settings().with(subject.settings().purify().withSteps(List.of()));
        Sheet sheet = LabelPanels.begin(subject, 3);
        for (ReadOut readOut : ReadOut.values()) {
            if (readOut == ReadOut.GEM) continue;
            LabelPanels.add(sheet, subject, readOut.toString().toLowerCase(Locale.ROOT), plain.with(ReadOutSettings.released(readOut)));
        }
        return sheet.draw(name());
    }
}
