package dev.freecp.report.video;

import dev.freecp.error.InputException;
import dev.freecp.image.Picture;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;

/** Frames of a stream, one after the other. */
public abstract sealed class FrameReader permits Y4mReader, PpmReader {

    private static final int LONGEST_LINE = 1024;
    private static final int BUFFER_BYTES = 1 << 16;

    private final InputStream in;
    private final String name;
    private int frames;

    FrameReader(InputStream in, String name) {
        this.in = in;
        this.name = name;
    }

    /**
     * Begins to read; the first bytes tell the format.
     *
     * @param in     left open
     * @param name   what to call it in messages
     * @param matrix of YUV colours; null for what is usual for the size ({@link ColorMatrix#usual})
     * @throws InputException if the stream is empty, of another format or of a kind that is not read
     */
    public static FrameReader open(InputStream in, String name, ColorMatrix matrix) {
        BufferedInputStream buffered = new BufferedInputStream(in, BUFFER_BYTES);
        try {
            buffered.mark(2);
            int first = buffered.read(), second = buffered.read();
            buffered.reset();
            if (first < 0) throw new InputException(name
                + ": is empty; frames were expected as Y4M (ffmpeg -f yuv4mpegpipe) or PPM (ffmpeg -f image2pipe -c:v ppm)");
            if (first == 'Y' && second == 'U') return new Y4mReader(buffered, name, matrix);
            if (first == 'P' && second == '6') return new PpmReader(buffered, name);
        } catch (IOException e) {
            throw new InputException(name + ": cannot be read (" + e.getMessage() + ")", e);
        }
        throw new InputException(name + ": is neither Y4M nor binary PPM (P6); send frames with ffmpeg -f yuv4mpegpipe -pix_fmt yuv420p");
    }

    /**
     * The next frame; null after the last.
     *
     * @throws InputException if it ends early or does not begin as a frame does
     */
    public final Picture next() {
        try {
            Picture frame = read("frame " + (frames + 1) + " of " + name);
            if (frame != null) frames++;
            if (frames == 0) throw refusal("ends before its first frame");
            return frame;
        } catch (IOException e) {
            throw new InputException(name + ": cannot be read (" + e.getMessage() + ")", e);
        }
    }

    /** What a Y4M stream says of itself; empty for PPM, which says nothing. */
    public abstract Optional<Y4mHeader> header();

    abstract Picture read(String frame) throws IOException;

    InputException refusal(String what) {
        return new InputException(name + ": " + what + (frames == 0 ? "" : "; " + frames + (frames == 1 ? " frame" : " frames") + " before it came whole"));
    }

    int readByte() throws IOException {
        return in.read();
    }

    /** A line without its end; null where the stream has ended. */
    String line(String what) throws IOException {
        StringBuilder line = new StringBuilder();
        for (int c = in.read(); c != '\n'; c = in.read()) {
            if (c < 0 && line.isEmpty()) return null;
            if (c < 0) throw refusal(what + " ends early");
            if (line.length() == LONGEST_LINE) throw refusal(what + " is longer than " + LONGEST_LINE + " bytes");
            line.append((char) c);
        }
        return line.toString();
    }

    byte[] bytes(int count) throws IOException {
        byte[] bytes = new byte[count];
        int read = in.readNBytes(bytes, 0, count);
        if (read < count) throw refusal("frame " + (frames + 1) + " ends after " + read + " of " + count + " bytes");
        return bytes;
    }
}
