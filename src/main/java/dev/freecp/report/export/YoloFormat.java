package dev.freecp.report.export;

import dev.freecp.segment.Vocabulary;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Labels for YOLO's segmentation models: a line a region, the class from 0 and then x and y of each corner as parts of the picture's width and
 * height. There are no holes in this format; a region with holes is one closed line that goes over to each hole and back ({@link Keyhole}).
 */
final class YoloFormat implements PictureFormat {

    private static final String ENDING = ".txt", CLASSES = "classes.txt", DATA = "data.yaml";

    @Override
    public String name() {
        return "yolo";
    }

    @Override
    public String mediaType() {
        return "text/plain";
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
        return Map.of(picture.name() + ENDING, out -> {
            for (Outline outline : picture.outlines()) out.write((line(picture, outline) + "\n").getBytes(StandardCharsets.US_ASCII));
        });
    }

    private static String line(ExportPicture picture, Outline outline) {
        StringBuilder line = new StringBuilder().append(picture.classOf(outline.label()));
        Ring ring = outline.keyhole();
        for (int i = 0; i < ring.corners(); i++)
            line.append(String.format(Locale.ROOT, " %.6f %.6f", (double) ring.x(i) / picture.width(), (double) ring.y(i) / picture.height()));
        return line.toString();
    }

    @Override
    public Map<String, Content> shared(Vocabulary vocabulary) {
        List<String> classes = vocabulary.classes();
        Map<String, Content> files = new LinkedHashMap<>();
        files.put(CLASSES, out -> out.write((String.join("\n", classes) + "\n").getBytes(StandardCharsets.UTF_8)));
        files.put(DATA, out -> out.write(yaml(classes).getBytes(StandardCharsets.UTF_8)));
        return files;
    }

    /** Without a path, folders are looked for beside the file. Names are quoted as JSON has it, which YAML takes. */
    private static String yaml(List<String> classes) throws IOException {
        StringBuilder yaml = new StringBuilder("train: images\nval: images\nnames:\n");
        for (int i = 0; i < classes.size(); i++) yaml.append("  ").append(i).append(": ").append(Json.text(classes.get(i))).append('\n');
        return yaml.toString();
    }
}
