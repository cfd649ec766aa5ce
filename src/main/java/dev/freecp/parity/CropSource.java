package dev.freecp.parity;

import dev.freecp.clip.View;
import dev.freecp.image.Picture;
import dev.freecp.ops.Box;
import dev.freecp.ops.Region;
import dev.freecp.ops.Workspace;
import dev.freecp.purify.CropLook;
import dev.freecp.purify.CropScorer;
import dev.freecp.tensor.Shape;
import dev.freecp.tensor.Tensor;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.stream.IntStream;

/**
 * What closer looks into one window are made from.
 *
 * @param model        whose tower looks
 * @param tower        its steps
 * @param picture      the resized picture
 * @param window       the window in it
 * @param descriptions V (Q, E)
 */
record CropSource(Model model, TowerStages tower, Picture picture, Region window, float[] descriptions) {

    /** Crops that go through the tower together. */
    private static final int BATCH = 16;

    /** Normalised pixels (3, 112, 112). */
    float[] pixels(Box box) {
        return tower.pixels(picture, region(box), CropLook.SIZE, CropLook.SIZE);
    }

    /** Class features, one for each box. */
    List<float[]> features(List<Box> boxes) {
        if (boxes.isEmpty()) return List.of();
        float[] all = tower.classFeatures(picture, boxes.stream().map(this::region).toList(), CropLook.SIZE, CropLook.SIZE);
        int embedding = all.length / boxes.size();
        return IntStream.range(0, boxes.size()).mapToObj(i -> Arrays.copyOfRange(all, i * embedding, (i + 1) * embedding)).toList();
    }

    /** Scaled products (Q) of a class feature with the descriptions. */
    float[] scores(MapStages stages, float[] feature) {
        return stages.similarity(feature, descriptions, feature.length, model.clip().logitScale());
    }

    /** The engine's own scorer of this one window. */
    CropScorer scorer(MapStages stages, Workspace workspace, int backgroundWords) {
        int embedding = model.clip().config().vision().embedding();
        Tensor details = stages.upload(workspace, "details", Shape.of("query embedding", descriptions.length / embedding, embedding), descriptions);
        Tensor pixels = model.ops().picture(workspace, picture.pixels());
        CropLook.Source source = (_, box) -> new View(pixels, region(box));
        return new CropLook(model.ops(), workspace, model.clip().vision(), tower.rule(), source, details, backgroundWords, model.clip().logitScale(), BATCH, new HashMap<>());
    }

    private Region region(Box box) {
        return CropLook.inWindow(window, box, tower.patch());
    }
}
