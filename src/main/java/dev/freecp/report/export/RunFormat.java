package dev.freecp.report.export;

import dev.freecp.segment.Vocabulary;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Map;

/** One document for all pictures of a run. */
public non-sealed interface RunFormat extends ExportFormat {

    /** A document that is being written, picture after picture, so that a long run takes no memory. */
    interface Document {

        void add(ExportPicture picture) throws IOException;

        /** Writes what stands at the end. */
        void end() throws IOException;
    }

    String fileName();

    /** Begins a document on a stream that the caller closes. */
    Document begin(OutputStream out, Vocabulary vocabulary) throws IOException;

    @Override
    default Map<String, Content> alone(ExportPicture picture) {
        return Map.of(fileName(), out -> {
            Document document = begin(out, picture.vocabulary());
            document.add(picture);
            document.end();
        });
    }
}
