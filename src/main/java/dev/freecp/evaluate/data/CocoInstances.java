package dev.freecp.evaluate.data;

import dev.freecp.error.InputException;
import dev.freecp.image.LabelMap;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * COCO's things as published: outlines and run lengths in {@code instances_SPLIT.json}. Where things overlap, the one named later is seen; all else
 * is background.
 *
 * @param pictures   folder of the pictures
 * @param categories their ids and labels
 */
record CocoInstances(String pictures, IdTable categories) implements Layout {

    private static final String JSON = "annotations/instances_" + Tree.SPLIT + ".json";
    private static final int LEAST_NUMBERS = 6;   // three corners

    /**
     * One thing.
     *
     * @param polygons its outlines; empty if it is given by runs
     * @param runs     its run lengths; empty if it is given by outlines
     */
    private record Thing(int label, List<double[]> polygons, int[] runs) {
    }

    private record InstanceTruth(CocoImages.Image image, List<Thing> things) implements Truth {

        @Override
        public LabelMap read() {
            MaskPainter painter = new MaskPainter(image.height(), image.width());
            for (Thing thing : things) {
                thing.polygons.forEach(polygon -> painter.paintPolygon(polygon, thing.label));
                painter.paintRuns(thing.runs, thing.label);
            }
            return new LabelMap(image.height(), image.width(), painter.labels());
        }
    }

    @Override
    public String name() {
        return "COCO's instance annotations";
    }

    @Override
    public List<String> expects() {
        return List.of(pictures + "/*.jpg", JSON);
    }

    @Override
    public Attempt open(Tree tree) {
        Path folder = tree.at(pictures);
        if (!Files.isDirectory(folder)) return Attempt.fails(0, "there is no folder " + tree.shown(folder), tree.foundNear(folder));
        Path json = tree.at(JSON);
        if (!Files.isRegularFile(json)) return Attempt.fails(1, "there is no file " + tree.shown(json), tree.foundNear(json));
        CocoImages images = new CocoImages();
        Map<Long, List<Thing>> things = new HashMap<>();
        CocoJson.read(json, Map.of("images", images::add, "categories", CocoJson.categories(categories),
            "annotations", item -> things.computeIfAbsent(item.whole("image_id"), _ -> new ArrayList<>()).add(thing(item))));
        return images.samples(tree, json, folder, image -> new InstanceTruth(image, fitting(json, image, things.getOrDefault(image.id(), List.of()))));
    }

    private Thing thing(CocoJson.Item item) {
        int category = item.integer("category_id", 0);
        IdTable.Entry entry = categories.entry(category);
        if (entry == null) throw item.refusal("is of category " + category + ", which is none of COCO's things");
        if (!(item.values().get("segmentation") instanceof Map<?, ?> runs)) {
            return new Thing(entry.label(), item.list("segmentation").stream().map(polygon -> numbers(item, polygon)).toList(), new int[0]);
        }
        return new Thing(entry.label(), List.of(), switch (runs.get("counts")) {
            case String text -> decoded(item, text);
            case List<?> counts -> counts.stream().mapToInt(count -> {
                if (count instanceof Integer run && run >= 0) return run;
                throw item.refusal("must have whole numbers as run lengths");
            }).toArray();
            case null, default -> throw item.refusal("must have counts in its segmentation");
        });
    }

    private static int[] decoded(CocoJson.Item item, String text) {
        try {
            return RunLengths.decode(text);
        } catch (IllegalArgumentException | ArithmeticException e) {
            throw item.refusal("has broken run lengths: " + e.getMessage());
        }
    }

    private static double[] numbers(CocoJson.Item item, Object polygon) {
        if (!(polygon instanceof List<?> list) || list.size() < LEAST_NUMBERS || list.size() % 2 != 0) {
            throw item.refusal("must have outlines of x, y pairs, three at least");
        }
        return list.stream().mapToDouble(number -> {
            if (number instanceof Number value) return value.doubleValue();
            throw item.refusal("must have outlines of numbers");
        }).toArray();
    }

    /** Things whose runs, if they have some, are as many pixels as the picture. */
    private static List<Thing> fitting(Path json, CocoImages.Image image, List<Thing> things) {
        for (Thing thing : things) {
            long pixels = 0;
            for (int run : thing.runs) pixels += run < 0 ? Integer.MAX_VALUE : run;
            if (thing.runs.length > 0 && pixels != (long) image.height() * image.width()) {
                throw new InputException(json + ": a mask of picture " + image.name() + " has " + pixels + " pixels, the picture "
                    + (long) image.height() * image.width());
            }
        }
        return things;
    }
}
