package dev.freecp.report.export;

import dev.freecp.segment.Vocabulary;
import java.util.List;
import java.util.Map;

/**
 * A file of LabelMe, the drawing tool, which finds the picture by the path in it. Its polygons have no holes; a region with holes is one closed
 * line that goes over to each hole and back ({@link Keyhole}).
 */
final class LabelMeFormat implements PictureFormat {

    private static final String ENDING = ".labelme.json", VERSION = "5.5.0";

    @Override
    public String name() {
        return "labelme";
    }

    @Override
    public String mediaType() {
        return "application/json";
    }

    @Override
    public boolean hasRegions() {
        return true;
    }

    @Override
    public List<String> endings(Vocabulary vocabulary) {
        return List.of(ENDING);
    }

    @Override
    public Map<String, Content> files(ExportPicture picture) {
        return Map.of(picture.name() + ENDING, out -> out.write(Json.bytes(document(picture))));
    }

    private static Map<String, Object> document(ExportPicture picture) {
        return Json.object("version", VERSION, "flags", Map.of(),
            "shapes", picture.outlines().stream().map(outline -> shape(picture, outline)).toList(),
            "imagePath", picture.file(), "imageData", null, "imageHeight", picture.height(), "imageWidth", picture.width());
    }

    private static Map<String, Object> shape(ExportPicture picture, Outline outline) {
        return Json.object("label", picture.className(outline), "points", Json.points(outline.keyhole()), "group_id", null, "description", "",
            "shape_type", "polygon", "flags", Map.of(), "mask", null);
    }
}
