package dev.freecp.report;

import java.util.List;
import java.util.Locale;

/** The classes of a picture with their colours and areas, laid out in columns of equal rows. Lengths are in units, pixels of the font. */
final class Legend {

    /**
     * One class.
     *
     * @param share part of the picture's pixels, 0 to 1
     */
    record Entry(String name, int color, double share) {

        String percent() {
            return share < 0.0005 ? "<0.1%" : String.format(Locale.ROOT, "%.1f%%", 100 * share);
        }
    }

    static final int BACKGROUND = 0xffffff;

    private static final int NAME_COLOR = 0x1f2328;
    private static final int PERCENT_COLOR = 0x6e7781;
    private static final int EDGE = 16;
    private static final int ROW = 26;
    private static final int SWATCH = 16;
    private static final int GAP = 10;
    private static final int MAX_NAME = 180;
    private static final int PERCENT = PixelFont.width("100.0%");

    private final List<Entry> entries;
    private final int nameWidth;

    Legend(List<Entry> entries) {
        this.entries = entries;
        this.nameWidth = entries.stream().mapToInt(entry -> PixelFont.width(PixelFont.fit(entry.name(), MAX_NAME))).max().orElse(0);
    }

    /** Rows that fit into a height. */
    static int rowsIn(int height) {
        return Math.max(1, (height - 2 * EDGE + ROW - SWATCH) / ROW);
    }

    /** Columns that fit into a width. */
    int columnsIn(int width) {
        return Math.max(1, (width - EDGE) / (columnWidth() + EDGE));
    }

    int width(int columns) {
        return EDGE + columns * (columnWidth() + EDGE);
    }

    int height(int rows) {
        return 2 * EDGE + rows * ROW - (ROW - SWATCH);
    }

    int size() {
        return entries.size();
    }

    private int columnWidth() {
        return SWATCH + GAP + nameWidth + GAP + PERCENT;
    }

    /** Draws entries column by column, {@code rows} in each, from (y, x) on; a unit is {@code unit} pixels. */
    void draw(Canvas canvas, int y, int x, int rows, int unit) {
        for (int i = 0; i < entries.size(); i++) {
            Entry entry = entries.get(i);
            int top = y + (EDGE + i % rows * ROW) * unit;
            int left = x + (EDGE + i / rows * (columnWidth() + EDGE)) * unit;
            canvas.fillRounded(top, left, SWATCH * unit, 4.0 * unit, entry.color());
            PixelFont.draw(canvas, top + unit, left + (SWATCH + GAP) * unit, PixelFont.fit(entry.name(), MAX_NAME), unit, NAME_COLOR);
            int right = left + columnWidth() * unit;
            PixelFont.draw(canvas, top + unit, right - PixelFont.width(entry.percent()) * unit, entry.percent(), unit, PERCENT_COLOR);
        }
    }
}
