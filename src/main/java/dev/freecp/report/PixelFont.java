package dev.freecp.report;

/**
 * Printable ASCII in the 5 x 7 shapes of character displays, so that legends need neither fonts nor a font library on the machine. Letters are
 * doubled with their diagonals smoothed; other characters appear as a question mark.
 */
public final class PixelFont {

    /** Height of a line in units: 7 rows and one for descenders, each two units. */
    public static final int HEIGHT = 16;

    private static final int ROWS = 8;
    private static final int SPACE = 6;
    private static final int GAP = 2;
    private static final char FIRST = '!';

    /** Five columns a character from {@code '!'} on, two hexadecimal digits each, lowest bit on top. */
    private static final String COLUMNS = """
        00005f0000 0007000700 147f147f14 242a7f2a12 2313086462 3649562050 0000070000 001c224100 0041221c00 2a1c7f1c2a 08083e0808 0080603000
        0808080808 0000606000 2010080402 3e5149453e 00427f4000 7249494946 2141494d33 1814127f10 2745454539 3c4a494931 4121110907 3649494936
        464949291e 0000240000 0080640000 0008142241 1414141414 4122140800 0201590906 3e415d594e 7c1211127c 7f49494936 3e41414122 7f4141413e
        7f49494941 7f09090901 3e41415173 7f0808087f 00417f4100 2040413f01 7f08142241 7f40404040 7f021c027f 7f0408107f 3e4141413e 7f09090906
        3e4151215e 7f09192946 2649494932 01017f0101 3f4040403f 1f2040201f 3f4038403f 6314081463 0304780403 6151494543 007f414100 0204081020
        0041417f00 0402010204 4040404040 0001020400 2054545478 7f44444438 3844444428 384444447f 3854545418 00087e0902 18a4a4a47c 7f08040478
        00447d4000 4080847d00 7f10284400 00417f4000 7c04780478 7c08040478 3844444438 fc24242418 18242424fc 7c08040408 4854545424 04043f4424
        3c4040207c 1c2040201c 3c4030403c 4428102844 1ca0a0a07c 4464544c44 0008364100 0000770000 0041360800 0201020402
        """.replaceAll("\\s+", "");

    private PixelFont() {}

    /** Width of a text in units. */
    public static int width(String text) {
        int width = 0;
        for (int i = 0; i < text.length(); i++) width += advance(text.charAt(i));
        return Math.max(0, width - GAP);
    }

    /** The text, cut and ended with three dots if it is wider than {@code limit} units. */
    public static String fit(String text, int limit) {
        if (width(text) <= limit) return text;
        int kept = Math.min(text.length(), limit);    // no character is narrower than a unit
        while (kept > 0 && width(text.substring(0, kept).stripTrailing() + "...") > limit) kept--;
        return text.substring(0, kept).stripTrailing() + "...";
    }

    /** Draws with the upper left corner at (y, x); a unit is {@code unit} pixels. */
    public static void draw(Canvas canvas, int y, int x, String text, int unit, int color) {
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) != ' ') drawGlyph(canvas, y, x, smooth(glyph(text.charAt(i))), unit, color);
            x += advance(text.charAt(i)) * unit;
        }
    }

    private static int advance(char c) {
        return c == ' ' ? SPACE : 2 * glyph(c)[0].length + GAP;
    }

    /** Rows of a character, without the empty columns at its sides. */
    private static boolean[][] glyph(char c) {
        int index = c >= FIRST && c <= '~' ? c - FIRST : '?' - FIRST;
        int[] columns = new int[5];
        for (int i = 0; i < 5; i++) columns[i] = Integer.parseInt(COLUMNS, 10 * index + 2 * i, 10 * index + 2 * i + 2, 16);
        int from = 0;
        int to = 5;
        while (columns[from] == 0) from++;
        while (columns[to - 1] == 0) to--;
        boolean[][] rows = new boolean[ROWS][to - from];
        for (int y = 0; y < ROWS; y++) for (int x = from; x < to; x++) rows[y][x - from] = (columns[x] >> y & 1) != 0;
        return rows;
    }

    /** Four times as large with rounded steps; {@link #drawGlyph} makes two units of it, with half-covered edges. */
    private static boolean[][] smooth(boolean[][] glyph) {
        return doubled(doubled(glyph));
    }

    /** Scale2x: a quarter of a pixel takes the value that its two outer neighbours share, unless the opposite ones share theirs too. */
    private static boolean[][] doubled(boolean[][] small) {
        boolean[][] large = new boolean[2 * small.length][2 * small[0].length];
        for (int y = 0; y < large.length; y++) {
            for (int x = 0; x < large[0].length; x++) {
                int dy = y % 2 == 0 ? -1 : 1;
                int dx = x % 2 == 0 ? -1 : 1;
                boolean vertical = on(small, y / 2 + dy, x / 2);
                boolean horizontal = on(small, y / 2, x / 2 + dx);
                boolean corner = vertical == horizontal && vertical != on(small, y / 2 - dy, x / 2) && horizontal != on(small, y / 2, x / 2 - dx);
                large[y][x] = corner ? vertical : small[y / 2][x / 2];
            }
        }
        return large;
    }

    private static boolean on(boolean[][] bits, int y, int x) {
        return y >= 0 && y < bits.length && x >= 0 && x < bits[0].length && bits[y][x];
    }

    private static void drawGlyph(Canvas canvas, int y, int x, boolean[][] bits, int unit, int color) {
        for (int row = 0; row < bits.length / 2 * unit; row++) {
            for (int column = 0; column < bits[0].length / 2 * unit; column++) {
                int covered = 0;
                for (int quarter = 0; quarter < 4; quarter++) {
                    if (bits[row / unit * 2 + quarter / 2][column / unit * 2 + quarter % 2]) covered++;
                }
                canvas.blend(y + row, x + column, color, covered / 4.0);
            }
        }
    }
}
