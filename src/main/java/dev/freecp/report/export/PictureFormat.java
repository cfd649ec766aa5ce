package dev.freecp.report.export;

import dev.freecp.segment.Vocabulary;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Files of their own for each picture. */
public non-sealed interface PictureFormat extends ExportFormat {

    /** What may follow a picture's name in the names of its files; each begins with a dot. */
    List<String> endings(Vocabulary vocabulary);

    /** A picture's files by name. */
    Map<String, Content> files(ExportPicture picture);

    /** Files that stand once beside those of all pictures. */
    default Map<String, Content> shared(Vocabulary vocabulary) {
        return Map.of();
    }

    @Override
    default Map<String, Content> alone(ExportPicture picture) {
        Map<String, Content> files = new LinkedHashMap<>(files(picture));
        files.putAll(shared(picture.vocabulary()));
        return files;
    }
}
