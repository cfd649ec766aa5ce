package dev.freecp.report.video;

import dev.freecp.image.Picture;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Writes frames to a stream, each in one piece. */
public final class FrameWriter {

    private final OutputStream out;
    private final Y4mHeader header;   // null for PPM
    private final Yuv colors;
    private boolean begun;

    private FrameWriter(OutputStream out, Y4mHeader header, Yuv colors) {
        this.out = out;
        this.header = header;
        this.colors = colors;
    }

    /**
     * Y4M.
     *
     * @param like   what to say of the frames; where it says mono, colours are written in full
     * @param matrix of YUV colours; null for what is usual for the size
     */
    public static FrameWriter y4m(OutputStream out, Y4mHeader like, ColorMatrix matrix) {
        Y4mHeader header = like.inColor();
        return new FrameWriter(out, header, new Yuv(header, matrix == null ? ColorMatrix.usual(header.size().height()) : matrix));
    }

    /** Binary PPM pictures, one behind the other. */
    public static FrameWriter ppm(OutputStream out) {
        return new FrameWriter(out, null, null);
    }

    /** Writes a frame, which must be of the header's size, and flushes. */
    public void write(Picture frame) throws IOException {
        if (header == null) writePpm(frame);
        else writeY4m(frame);
        out.flush();
    }

    private void writeY4m(Picture frame) throws IOException {
        if (frame.height() != header.size().height() || frame.width() != header.size().width())
            throw new IllegalArgumentException(frame.name() + ": " + frame.height() + " x " + frame.width()
                + " does not fit a stream of " + header.size());
        out.write(joined(text((begun ? "" : header.line()) + "FRAME\n"), colors.planes(frame)));
        begun = true;
    }

    private void writePpm(Picture frame) throws IOException {
        byte[] rgb = new byte[3 * frame.height() * frame.width()], row = new byte[3 * frame.width()];
        for (int y = 0; y < frame.height(); y++) {
            frame.row(y, row);
            System.arraycopy(row, 0, rgb, y * row.length, row.length);
        }
        out.write(joined(text("P6\n" + frame.width() + " " + frame.height() + "\n255\n"), rgb));
    }

    private static byte[] text(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    private static byte[] joined(byte[] head, byte[] body) {
        byte[] whole = Arrays.copyOf(head, head.length + body.length);
        System.arraycopy(body, 0, whole, head.length, body.length);
        return whole;
    }
}
