package dev.freecp.report.video;

import dev.freecp.image.Picture;
import dev.freecp.image.Size;
import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;

/** Binary PPM pictures (P6, 8 bits) behind one another. */
final class PpmReader extends FrameReader {

    private static final int WHITE = 255, MOST_DIGITS = 7;

    PpmReader(InputStream in, String name) {
        super(in, name);
    }

    @Override
    public Optional<Y4mHeader> header() {
        return Optional.empty();
    }

    @Override
    Picture read(String frame) throws IOException {
        Size size = size(frame);
        if (size == null) return null;
        return Picture.of(frame, size.height(), size.width(), bytes(3 * size.height() * size.width()));
    }

    /** Reads a header; null where the stream has ended. */
    private Size size(String what) throws IOException {
        int first = readByte();
        if (first < 0) return null;
        if (first != 'P' || readByte() != '6') throw refusal("where a picture should begin, with P6, stands something else");
        int width = number("width"), height = number("height"), white = number("largest value");
        Y4mHeader.requireReadable(width, height, what);
        if (white != WHITE) throw refusal("a picture has samples up to " + white + "; " + WHITE + " is read, for instance of ffmpeg -pix_fmt rgb24");
        return new Size(height, width);
    }

    /** The next number, behind white space and comments, with the one character of white space that follows. */
    private int number(String what) throws IOException {
        int c = readByte();
        while (Character.isWhitespace(c) || c == '#') {
            if (c == '#') line("a comment");
            c = readByte();
        }
        int value = 0, digits = 0;
        for (; c >= '0' && c <= '9' && digits < MOST_DIGITS; c = readByte(), digits++) value = 10 * value + c - '0';
        if (value == 0 || !Character.isWhitespace(c)) throw refusal("a picture's header has no sensible " + what);
        return value;
    }
}
