package dev.freecp.evaluate.data;

import dev.freecp.error.InputException;
import dev.freecp.image.LabelMap;
import dev.freecp.image.Picture;
import dev.freecp.image.Pictures;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * COCO's things from the panoptic annotations: PNG files whose colour is the number of a segment, red + 256 green + 65536 blue, and a JSON file that
 * tells each segment's category. Stuff, and what belongs to no segment, is background.
 *
 * @param pictures   folder of the pictures
 * @param categories ids and labels of the things
 */
record CocoPanoptic(String pictures, IdTable categories) implements Layout {

    private static final String JSON = "annotations/panoptic_" + Tree.SPLIT + ".json";
    private static final String FOLDER = "annotations/panoptic_" + Tree.SPLIT;

    /** @param labels label of each segment */
    private record PanopticTruth(Path file, Map<Integer, Integer> labels) implements Truth {

        @Override
        public LabelMap read() {
            Picture picture = Pictures.read(file);
            int[] found = new int[picture.height() * picture.width()];
            for (int i = 0; i < found.length; i++) {
                int segment = Integer.reverseBytes(picture.rgb(i / picture.width(), i % picture.width())) >>> 8;
                Integer label = segment == 0 ? Integer.valueOf(0) : labels.get(segment);
                if (label == null) throw new InputException(file + ": holds segment " + segment + ", which the annotation file does not tell of");
                found[i] = label;
            }
            return new LabelMap(picture.height(), picture.width(), found);
        }
    }

    /** @param file name of the PNG */
    private record Segments(String file, Map<Integer, Integer> labels) {
    }

    @Override
    public String name() {
        return "COCO's panoptic annotations";
    }

    @Override
    public List<String> expects() {
        return List.of(pictures + "/*.jpg", JSON, FOLDER + "/*.png");
    }

    @Override
    public Attempt open(Tree tree) {
        Path folder = tree.at(pictures);
        if (!Files.isDirectory(folder)) return Attempt.fails(0, "there is no folder " + tree.shown(folder), tree.foundNear(folder));
        Path json = tree.at(JSON);
        if (!Files.isRegularFile(json)) return Attempt.fails(1, "there is no file " + tree.shown(json), tree.foundNear(json));
        Path maps = tree.at(FOLDER);
        if (!Files.isDirectory(maps)) return Attempt.fails(2, "there is no folder " + tree.shown(maps), tree.foundNear(maps));
        CocoImages images = new CocoImages();
        Map<Long, Segments> segments = new HashMap<>();
        CocoJson.read(json, Map.of("images", images::add, "categories", CocoJson.categories(categories),
            "annotations", item -> segments.put(item.whole("image_id"), segments(item))));
        for (Segments ofImage : segments.values()) {
            Path map = maps.resolve(ofImage.file);
            if (!Files.isRegularFile(map)) {
                return Attempt.fails(3, "there is no " + tree.shown(map) + ", which " + tree.shown(json) + " names", tree.foundNear(maps));
            }
        }
        return images.samples(tree, json, folder, image -> {
            Segments ofImage = segments.get(image.id());
            if (ofImage == null) throw new InputException(json + ": has no annotation for picture " + image.name());
            return new PanopticTruth(maps.resolve(ofImage.file), ofImage.labels);
        });
    }

    private Segments segments(CocoJson.Item item) {
        Map<Integer, Integer> labels = new HashMap<>();
        for (CocoJson.Item segment : item.items("segments_info")) {
            IdTable.Entry thing = categories.entry(segment.integer("category_id", 0));
            labels.put(segment.integer("id", 1), thing == null ? 0 : thing.label());
        }
        return new Segments(item.text("file_name"), labels);
    }
}
