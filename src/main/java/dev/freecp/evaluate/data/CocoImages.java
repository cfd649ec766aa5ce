package dev.freecp.evaluate.data;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** The pictures that an annotation file of COCO names in {@code images}. */
final class CocoImages {

    /** @param name of the picture's file */
    record Image(long id, String name, int height, int width) {
    }

    private final Map<Long, Image> images = new HashMap<>();

    /** Takes an item of {@code images}. */
    void add(CocoJson.Item item) {
        Image image = new Image(item.whole("id"), item.text("file_name"), item.integer("height", 1), item.integer("width", 1));
        if (images.put(image.id(), image) != null) throw item.refusal("has the id " + image.id() + " of an earlier one");
    }

    /** Pairs all pictures, in the order of their names, with their truth. */
    Attempt samples(Tree tree, Path json, Path folder, Function<Image, Truth> truth) {
        List<Sample> samples = new ArrayList<>();
        for (Image image : images.values().stream().sorted(Comparator.comparing(Image::name)).toList()) {
            Path picture = folder.resolve(image.name());
            if (!Files.isRegularFile(picture)) {
                return Attempt.fails(3, "there is no " + tree.shown(picture) + ", which " + tree.shown(json) + " names", tree.foundNear(folder));
            }
            int dot = image.name().lastIndexOf('.');
            samples.add(new Sample(dot < 0 ? image.name() : image.name().substring(0, dot), picture, truth.apply(image)));
        }
        return samples.isEmpty() ? Attempt.fails(3, tree.shown(json) + " names no picture", tree.foundNear(folder)) : Attempt.fits(samples);
    }
}
