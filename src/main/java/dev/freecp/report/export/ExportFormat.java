package dev.freecp.report.export;

import java.io.IOException;
import java.io.OutputStream;
import java.util.Map;

/** A way to hand labels on to other tools: files of their own for each picture, or one document for all. {@link ExportFormats} lists them. */
public sealed interface ExportFormat permits PictureFormat, RunFormat {

    /** What stands in a file. */
    @FunctionalInterface
    interface Content {

        /** Writes to a stream that the caller closes. */
        void writeTo(OutputStream out) throws IOException;
    }

    /** What it is asked for by. */
    String name();

    /** Of its files, as HTTP names it. */
    String mediaType();

    /** Whether {@link ExportSettings#simplify} and {@link ExportSettings#minArea} mean something to it. */
    boolean hasRegions();

    /** All files, by name, that a picture becomes on its own: what a run of this one picture would leave behind. */
    Map<String, Content> alone(ExportPicture picture);
}
