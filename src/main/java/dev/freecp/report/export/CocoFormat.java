package dev.freecp.report.export;

import dev.freecp.segment.Vocabulary;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * COCO's object detection annotations: one document, one annotation a region. A category's id is its class from 1 on, and the background is none.
 * Polygons of COCO have no holes, so that a region with holes is one closed line that goes over to each hole and back ({@link Keyhole}); COCO's
 * own program fills it to the same pixels. {@code area} and {@code bbox} are those of the pixels, however outlines were simplified; {@code score}
 * is the mean confidence. {@code iscrowd} is 0, also for run lengths: each is one region.
 */
final class CocoFormat implements RunFormat {

    @Override
    public String name() {
        return "coco";
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
    public String fileName() {
        return "annotations.coco.json";
    }

    @Override
    public Document begin(OutputStream out, Vocabulary vocabulary) throws IOException {
        List<String> classes = vocabulary.classes();
        Open document = new Open(out);
        document.write("{\"info\":" + Json.text(Json.object("description", "made by freecp"))
            + ",\"licenses\":[],\"categories\":" + Json.text(IntStream.range(0, classes.size())
            .mapToObj(i -> Json.object("id", i + 1, "name", classes.get(i), "supercategory", "")).toList())
            + ",\"annotations\":[");
        return document;
    }

    /** Annotations are written as they come; only the list of pictures is kept for the end. */
    private static final class Open implements Document {

        private final OutputStream out;
        private final List<Object> images = new ArrayList<>();
        private long annotations;

        private Open(OutputStream out) {
            this.out = out;
        }

        @Override
        public void add(ExportPicture picture) throws IOException {
            images.add(Json.object("id", images.size() + 1, "file_name", picture.fileName(), "width", picture.width(), "height", picture.height()));
            for (Outline outline : picture.outlines()) {
                write((annotations++ == 0 ? "\n" : ",\n") + Json.text(Json.object("id", annotations, "image_id", images.size(),
                    "category_id", picture.classOf(outline.label()) + 1, "segmentation", mask(picture, outline), "area", outline.pixels(),
                    "bbox", new int[] {outline.x0(), outline.y0(), outline.x1() - outline.x0(), outline.y1() - outline.y0()},
                    "iscrowd", 0, "score", Json.round(outline.confidence()))));
            }
        }

        private static Object mask(ExportPicture picture, Outline outline) {
            if (!picture.settings().rle()) return List.of(outline.keyhole().xy());
            return Json.object("size", new int[] {picture.height(), picture.width()}, "counts", MaskRuns.text(picture.runs(outline)));
        }

        @Override
        public void end() throws IOException {
            write("\n],\"images\":" + Json.text(images) + "}\n");
        }

        private void write(String text) throws IOException {
            out.write(text.getBytes(StandardCharsets.UTF_8));
        }
    }
}
