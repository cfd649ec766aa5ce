package dev.freecp.bench.study;

import dev.freecp.clip.Trace;
import dev.freecp.image.Picture;
import java.util.Arrays;

/** What a window's tokens know after each block: their first three principal components as red, green and blue, and how much of their variance that is. */
final class BlockComponents implements Study {

    private static final int SIDE = 12;

    @Override
    public String name() {
        return "blocks";
    }

    @Override
    public Picture draw(Subject subject) {
        Sheet sheet = new Sheet(4).add("the window", Panels.stretched(subject.pixels(), subject.gridHeight() * SIDE, subject.gridWidth() * SIDE));
        add(sheet, "embedded", subject, "embed");
        for (int layer = 0; subject.has(Trace.block(layer)); layer++) add(sheet, "block " + layer, subject, Trace.block(layer));
        add(sheet, "features", subject, "patch_feature");
        return sheet.draw(name());
    }

    /** Of patches only: where a stage has the class token, it comes first. */
    private static void add(Sheet sheet, String caption, Subject subject, String stage) {
        Rows rows = subject.ofWindow(stage);
        Rows patches = rows.part(rows.count() - subject.cells(), subject.cells());
        Components components = Components.of(patches.toDoubles());
        int[] colors = components.colors();
        sheet.add("%s: %.0f %%".formatted(caption, 100 * Arrays.stream(components.share()).sum()),
            Panels.of(subject.gridHeight() * SIDE, subject.gridWidth() * SIDE, (y, x) -> colors[y / SIDE * subject.gridWidth() + x / SIDE]));
    }
}
