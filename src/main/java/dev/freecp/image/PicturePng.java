package dev.freecp.image;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;

/** Pictures as 8-bit RGB PNG files. The same pixels give the same bytes. */
public final class PicturePng {

    private PicturePng() {}

    /** @throws dev.freecp.error.InputException if the file cannot be written */
    public static void write(Path path, Picture picture) {
        PngWriter.write(path, PngWriter.Kind.RGB8, picture.height(), picture.width(), null, picture::row);
    }

    /** As {@link #write(Path, Picture)}; leaves the stream open. */
    public static void write(OutputStream out, Picture picture) throws IOException {
        PngWriter.write(out, PngWriter.Kind.RGB8, picture.height(), picture.width(), null, picture::row);
    }
}
