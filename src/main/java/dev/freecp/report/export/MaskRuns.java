package dev.freecp.report.export;

import java.util.Arrays;

/**
 * COCO's run lengths: pixels counted column by column, in turn outside and inside a mask, beginning outside. The compressed text is that of COCO's
 * {@code maskApi.c}: from the fourth on a run less the one two before it, five bits a character, low ones first, {@code 0x20} on all but the last,
 * and 48 added.
 */
final class MaskRuns {

    private static final int BITS = 5, MORE = 0x20, SIGN = 0x10, FIRST_CHARACTER = '0';

    private MaskRuns() {
    }

    /** Runs of the pixels of a region, together as long as the picture. */
    static int[] of(Outline region, int[] numbers, int height, int width) {
        int[] runs = new int[64];
        int count = 0, end = 0;                                       // how many runs, and where the last one inside ends
        for (int x = region.x0(); x < region.x1(); x++) {
            for (int y = region.y0(); y < region.y1(); y++) {
                if (numbers[y * width + x] != region.number()) continue;
                int at = x * height + y;
                if (count == 0 || at > end) {
                    if (count + 2 >= runs.length) runs = Arrays.copyOf(runs, 2 * runs.length);
                    runs[count++] = at - end;
                    runs[count++] = 0;
                }
                runs[count - 1]++;
                end = at + 1;
            }
        }
        if (end < height * width) runs[count++] = height * width - end;
        return Arrays.copyOf(runs, count);
    }

    /** The compressed text. */
    static String text(int[] runs) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < runs.length; i++) {
            int rest = i > 2 ? runs[i] - runs[i - 2] : runs[i];
            boolean more;
            do {
                int bits = rest & MORE - 1;
                rest >>= BITS;
                more = rest != ((bits & SIGN) != 0 ? -1 : 0);         // until what is left is only the sign
                text.append((char) (FIRST_CHARACTER + (more ? bits | MORE : bits)));
            } while (more);
        }
        return text.toString();
    }
}
