package dev.freecp.report.video;

import dev.freecp.image.Picture;
import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;

/** YUV4MPEG2: a header line, and for each frame a line that begins with FRAME and then the planes. */
final class Y4mReader extends FrameReader {

    private static final String FRAME = "FRAME";

    private final Y4mHeader header;
    private final Yuv colors;

    Y4mReader(InputStream in, String name, ColorMatrix matrix) throws IOException {
        super(in, name);
        this.header = Y4mHeader.parse(line("the header"), name);
        this.colors = new Yuv(header, matrix == null ? ColorMatrix.usual(header.size().height()) : matrix);
    }

    @Override
    public Optional<Y4mHeader> header() {
        return Optional.of(header);
    }

    @Override
    Picture read(String frame) throws IOException {
        String line = line("the line before a frame");
        if (line == null) return null;
        if (!line.equals(FRAME) && !line.startsWith(FRAME + " "))
            throw refusal("where a frame should begin, with FRAME, stands something else; the header's size or C may be wrong");
        return colors.picture(frame, bytes(colors.bytes()));
    }
}
