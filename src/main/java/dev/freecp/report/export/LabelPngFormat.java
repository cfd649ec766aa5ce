package dev.freecp.report.export;

import dev.freecp.image.LabelPng;
import dev.freecp.segment.Vocabulary;
import java.util.List;
import java.util.Map;

/** Pixel values that are labels, with the palette of PASCAL VOC. */
final class LabelPngFormat implements PictureFormat {

    private static final String ENDING = ".labels.png";

    @Override
    public String name() {
        return "png";
    }

    @Override
    public String mediaType() {
        return "image/png";
    }

    @Override
    public boolean hasRegions() {
        return false;
    }

    @Override
    public List<String> endings(Vocabulary vocabulary) {
        return List.of(ENDING);
    }

    @Override
    public Map<String, Content> files(ExportPicture picture) {
        return Map.of(picture.name() + ENDING, out -> LabelPng.write(out, picture.labels(), picture.vocabulary().labelNames().size()));
    }
}
