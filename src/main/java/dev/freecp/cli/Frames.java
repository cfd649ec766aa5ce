package dev.freecp.cli;

import dev.freecp.error.InputException;
import dev.freecp.error.UsageException;
import dev.freecp.image.Picture;
import dev.freecp.image.Pictures;
import dev.freecp.image.Size;
import dev.freecp.report.video.FrameReader;
import dev.freecp.report.video.Y4mHeader;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.Map;

/** Frames from files or from standard input, all of one size. */
abstract sealed class Frames {

    private static final String STANDARD_INPUT = "standard input";

    /** A frame and the name of its results. */
    record Frame(String name, Picture picture) {
    }

    private Size size;

    /** Frames of files, each with the name of its results. */
    static Frames of(Map<Path, String> files, VideoOptions options) {
        return new Files(files, options);
    }

    /**
     * Frames of standard input.
     *
     * @throws InputException if what comes is no stream of frames
     * @throws UsageException if a rate was given for a stream that has its own
     */
    static Frames of(Console console, VideoOptions options) {
        FrameReader reader = FrameReader.open(console.in(), STANDARD_INPUT, options.matrix());
        if (options.hasRate() && reader.header().isPresent())
            throw new UsageException("--rate is for pictures and PPM; this Y4M stream says " + reader.header().get().rate());
        return new Stream(reader, options);
    }

    /**
     * The next one; null after the last.
     *
     * @throws InputException if it cannot be read, or its size is not that of those before
     */
    Frame next() {
        Frame frame = read();
        if (frame == null) return null;
        Size now = new Size(frame.picture.height(), frame.picture.width());
        if (size == null) size = now;
        if (!now.equals(size)) throw new InputException(frame.picture.name() + ": is " + now.width() + " x " + now.height()
            + " pixels after frames of " + size.width() + " x " + size.height() + "; all frames of a video must be of one size");
        return frame;
    }

    abstract Frame read();

    /** What a stream of frames like the first one is to say of itself. */
    abstract Y4mHeader header(Picture first);

    abstract VideoOptions.Stream stream();

    private static Y4mHeader usual(Picture first, VideoOptions options) {
        return Y4mHeader.usual(new Size(first.height(), first.width()), options.rate());
    }

    private static final class Files extends Frames {

        private final Iterator<Map.Entry<Path, String>> files;
        private final VideoOptions options;

        private Files(Map<Path, String> files, VideoOptions options) {
            this.files = files.entrySet().iterator();
            this.options = options;
        }

        @Override
        Frame read() {
            if (!files.hasNext()) return null;
            Map.Entry<Path, String> file = files.next();
            return new Frame(file.getValue(), Pictures.read(file.getKey()));
        }

        @Override
        Y4mHeader header(Picture first) {
            return usual(first, options);
        }

        @Override
        VideoOptions.Stream stream() {
            return VideoOptions.Stream.Y4M;
        }
    }

    private static final class Stream extends Frames {

        private final FrameReader reader;
        private final VideoOptions options;
        private int count;

        private Stream(FrameReader reader, VideoOptions options) {
            this.reader = reader;
            this.options = options;
        }

        @Override
        Frame read() {
            Picture picture = reader.next();
            return picture == null ? null : new Frame("frame_%06d".formatted(++count), picture);
        }

        @Override
        Y4mHeader header(Picture first) {
            return reader.header().orElse(usual(first, options));
        }

        @Override
        VideoOptions.Stream stream() {
            return reader.header().isPresent() ? VideoOptions.Stream.Y4M : VideoOptions.Stream.PPM;
        }
    }
}
