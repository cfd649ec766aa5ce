package dev.freecp.bench.study;

import dev.freecp.image.Picture;
import dev.freecp.report.Canvas;
import dev.freecp.report.PixelFont;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Panels in rows, each with its caption below. */
final class Sheet {

    private static final int BACKGROUND = 0xffffff, INK = 0x24292f, GAP = 12, SWATCH = 14, LINE = PixelFont.HEIGHT + 4;

    private record Panel(String caption, Picture picture) {
    }

    private final int columns;
    private final List<Panel> panels = new ArrayList<>();
    private final Map<String, Integer> legend = new LinkedHashMap<>();

    Sheet(int columns) {
        this.columns = columns;
    }

    Sheet add(String caption, Picture picture) {
        panels.add(new Panel(caption, picture));
        return this;
    }

    /** What a colour stands for, in a line below all panels. */
    Sheet explain(String word, int color) {
        legend.put(word, color);
        return this;
    }

    Picture draw(String name) {
        int width = panels.stream().mapToInt(panel -> panel.picture.width()).max().orElseThrow();
        int height = panels.stream().mapToInt(panel -> panel.picture.height()).max().orElseThrow() + LINE;
        int across = Math.min(columns, panels.size()), down = Math.ceilDiv(panels.size(), columns);
        Canvas canvas = new Canvas(down * (height + GAP) + GAP + (legend.isEmpty() ? 0 : LINE + GAP), across * (width + GAP) + GAP, BACKGROUND);
        for (int i = 0; i < panels.size(); i++) {
            int top = GAP + i / columns * (height + GAP), left = GAP + i % columns * (width + GAP);
            Picture picture = panels.get(i).picture;
            for (int y = 0; y < picture.height(); y++) for (int x = 0; x < picture.width(); x++) canvas.blend(top + y, left + x, picture.rgb(y, x), 1);
            PixelFont.draw(canvas, top + picture.height() + 4, left, PixelFont.fit(panels.get(i).caption, width), 1, INK);
        }
        int y = down * (height + GAP) + GAP, x = GAP;
        for (Map.Entry<String, Integer> entry : legend.entrySet()) {
            canvas.fill(y, x, SWATCH, SWATCH, entry.getValue());
            PixelFont.draw(canvas, y, x + SWATCH + 6, entry.getKey(), 1, INK);
            x += SWATCH + 6 + PixelFont.width(entry.getKey()) + 2 * GAP;
        }
        return canvas.toPicture(name);
    }
}
