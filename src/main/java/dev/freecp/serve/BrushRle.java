package dev.freecp.serve;

import java.util.Arrays;

/**
 * Masks as Label Studio keeps brush strokes: RGBA bytes, four equal ones a pixel (0 or 255), in the bit-packed run lengths of the JavaScript package
 * rle-pack. A stream is the number of bytes (32 bits), the size of a word less one (5 bits), four sizes of run lengths less one (4 bits each), and
 * then runs: a bit that is 1 for equal words, which of the sizes (2 bits), the length less one in so many bits, and the word. Zero bits fill the
 * last byte.
 */
final class BrushRle {

    private static final int CHANNELS = 4, WORD_BITS = 8, OPAQUE = 255;
    private static final int[] LENGTH_BITS = {3, 4, 8, 16};

    private byte[] bytes = new byte[256];
    private int bits;

    private BrushRle() {
    }

    /** The mask of one label. */
    static byte[] encode(int[] labels, int label) {
        BrushRle rle = new BrushRle();
        rle.put(CHANNELS * labels.length, 32);
        rle.put(WORD_BITS - 1, 5);
        for (int size : LENGTH_BITS) rle.put(size - 1, 4);
        for (int from = 0, to; from < labels.length; from = to) {
            boolean inside = labels[from] == label;
            for (to = from + 1; to < labels.length && (labels[to] == label) == inside; ) to++;
            rle.run((long) CHANNELS * (to - from), inside ? OPAQUE : 0);
        }
        return Arrays.copyOf(rle.bytes, Math.ceilDiv(rle.bits, Byte.SIZE));
    }

    private void run(long length, int word) {
        for (long left = length; left > 0; ) {
            int longest = LENGTH_BITS.length - 1, part = (int) Math.min(left, 1L << LENGTH_BITS[longest]), size = 0;
            while (part > 1 << LENGTH_BITS[size]) size++;
            put(1, 1);
            put(size, 2);
            put(part - 1, LENGTH_BITS[size]);
            put(word, WORD_BITS);
            left -= part;
        }
    }

    private void put(int value, int count) {
        if (Math.ceilDiv(bits + count, Byte.SIZE) > bytes.length) bytes = Arrays.copyOf(bytes, 2 * bytes.length);
        for (int bit = count - 1; bit >= 0; bit--, bits++) bytes[bits / Byte.SIZE] |= (byte) ((value >> bit & 1) << Byte.SIZE - 1 - bits % Byte.SIZE);
    }
}
