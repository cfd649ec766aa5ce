package dev.freecp.evaluate.data;

import java.util.Arrays;

/** COCO's text form of run lengths: five bits a character, low ones first, each run less the one two before it. */
final class RunLengths {

    private static final int FIRST_CHARACTER = '0';
    private static final int MORE = 0x20;
    private static final int SIGN = 0x10;
    private static final int BITS = 5;

    private RunLengths() {
    }

    /** @throws IllegalArgumentException if the text ends within a number or holds other characters */
    static int[] decode(String text) {
        int[] runs = new int[text.length()];
        int count = 0;
        int at = 0;
        while (at < text.length()) {
            long value = 0;
            int shift = 0;
            int bits;
            do {
                if (at == text.length()) throw new IllegalArgumentException("the text ends within a number");
                bits = text.charAt(at++) - FIRST_CHARACTER;
                if (bits < 0 || bits >= 2 * MORE || shift > 30) throw new IllegalArgumentException("'" + text.charAt(at - 1) + "' cannot stand there");
                value |= (long) (bits & MORE - 1) << shift;
                shift += BITS;
            } while ((bits & MORE) != 0);
            if ((bits & SIGN) != 0) value |= -1L << shift;
            runs[count] = Math.toIntExact(value + (count > 2 ? runs[count - 2] : 0));
            count++;
        }
        return Arrays.copyOf(runs, count);
    }
}
