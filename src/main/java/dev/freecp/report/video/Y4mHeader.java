package dev.freecp.report.video;

import dev.freecp.error.InputException;
import dev.freecp.image.Pictures;
import dev.freecp.image.Size;

/**
 * The first line of a Y4M stream (yuv4mpeg(5) of mjpegtools, and ffmpeg's {@code XCOLORRANGE}). Values that only pass through are kept as they
 * stand.
 *
 * @param size      of every frame
 * @param rate      frames a second as a fraction, {@code 25:1}
 * @param interlace {@code p}, {@code t}, {@code b} or {@code m}; frames are taken as whole pictures whatever it is
 * @param aspect    of a pixel, {@code 1:1}
 * @param chroma    Y4M's name of how colour is sampled, {@code 420jpeg}
 * @param full      whether samples use all of 0 to 255, not 16 to 235 (240 for colour)
 */
public record Y4mHeader(Size size, String rate, String interlace, String aspect, String chroma, boolean full) {

    static final String MAGIC = "YUV4MPEG2";
    private static final String FULL_RANGE = "XCOLORRANGE=FULL";
    private static final int MOST_BYTES_A_PIXEL = 3;

    /** What most programs write. */
    public static Y4mHeader usual(Size size, String rate) {
        return new Y4mHeader(size, rate, "p", "1:1", "420jpeg", false);
    }

    /** @throws InputException if the line is no header, lacks the size, or is of a kind that is not read */
    static Y4mHeader parse(String line, String stream) {
        String[] words = line.split(" +");
        if (!words[0].equals(MAGIC)) throw new InputException(stream + ": does not begin with " + MAGIC);
        int width = 0, height = 0;
        Y4mHeader header = usual(null, "25:1");
        for (int i = 1; i < words.length; i++) {
            String value = words[i].substring(1);
            switch (words[i].charAt(0)) {
                case 'W' -> width = number(words[i], stream);
                case 'H' -> height = number(words[i], stream);
                case 'F' -> header = new Y4mHeader(null, value, header.interlace, header.aspect, header.chroma, header.full);
                case 'I' -> header = new Y4mHeader(null, header.rate, value, header.aspect, header.chroma, header.full);
                case 'A' -> header = new Y4mHeader(null, header.rate, header.interlace, value, header.chroma, header.full);
                case 'C' -> header = new Y4mHeader(null, header.rate, header.interlace, header.aspect, value, header.full);
                default -> {
                    if (words[i].equals(FULL_RANGE)) header = new Y4mHeader(null, header.rate, header.interlace, header.aspect, header.chroma, true);
                }
            }
        }
        if (width == 0 || height == 0) throw new InputException(stream + ": the header has no size, W and H; it reads '" + line + "'");
        requireReadable(width, height, stream);
        Chroma.of(header.chroma, stream);
        return new Y4mHeader(new Size(height, width), header.rate, header.interlace, header.aspect, header.chroma, header.full);
    }

    private static int number(String word, String stream) {
        if (!word.matches(".[1-9]\\d{0,6}"))
            throw new InputException(stream + ": the header has the size " + word + ", which is no number of pixels");
        return Integer.parseInt(word.substring(1));
    }

    /** @throws InputException if a frame of this size would be absurd */
    static void requireReadable(int width, int height, String stream) {
        if ((long) width * height > Math.min(Pictures.MAX_PIXELS, Integer.MAX_VALUE / MOST_BYTES_A_PIXEL))
            throw new InputException(stream + ": frames of " + width + " x " + height + " pixels are too large; "
                + "make them smaller, for instance with ffmpeg -vf scale=1280:-2");
    }

    /** The line, with its end. */
    String line() {
        return MAGIC + " W" + size.width() + " H" + size.height() + " F" + rate + " I" + interlace + " A" + aspect + " C" + chroma
            + (full ? " " + FULL_RANGE : "") + "\n";
    }

    /** The same for frames with colours: mono has none. */
    Y4mHeader inColor() {
        return chroma.equals("mono") ? new Y4mHeader(size, rate, interlace, aspect, "444", full) : this;
    }

    Chroma sampling() {
        return Chroma.of(chroma, "Y4M");
    }
}
