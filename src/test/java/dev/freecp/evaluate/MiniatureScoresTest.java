package dev.freecp.evaluate;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.freecp.evaluate.data.DataSet;
import dev.freecp.evaluate.data.DataSets;
import dev.freecp.evaluate.data.MiniTree;
import dev.freecp.image.LabelMap;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Each of the eight data sets as a miniature in its publisher's layout, evaluated with given labels to scores worked out by hand. Of every class the
 * comments tell found / (true + predicted - found) pixels.
 */
class MiniatureScoresTest {

    @TempDir
    private Path root;
    private MiniTree tree;

    @BeforeEach
    void plant() {
        tree = new MiniTree(root);
    }

    private void plantPascalVoc() {
        tree.text("ImageSets/Segmentation/val.txt", "2007_000033\n2007_000042\n")
            .picture("JPEGImages/2007_000033.jpg").picture("JPEGImages/2007_000042.jpg")
            .palette("SegmentationClass/2007_000033.png", 0, 0, 1, 1, 0, 255, 255, 1, 20, 20, 15, 0)
            .palette("SegmentationClass/2007_000042.png", 19, 19, 19, 19, 0, 0, 0, 0, 255, 255, 255, 255);
    }

    /** 0: 8/9, 1: 2/3, 2: 0/1, 15: 0/1, 19: 3/4, 20: 2/3; 7 lies on void alone. */
    @Test
    void pascalVocWithBackground() {
        plantPascalVoc();
        assertScores("voc21", (8 / 9. + 2 / 3. + 0 + 0 + 3 / 4. + 2 / 3.) / 6, (1 + 2 / 3. + 0 + 3 / 4. + 1) / 5, 15 / 18., Map.of(
            "2007_000033", new int[] {0, 0, 1, 1, 0, 1, 1, 2, 20, 20, 20, 0},
            "2007_000042", new int[] {19, 19, 19, 0, 0, 0, 0, 0, 7, 7, 7, 7}));
    }

    /** The background is not judged: 0: 2/3, 1: 0/1, 3: 0/1, 14: 0/1, 18: 3/4, 19: 2/3; 5 lies on background and void alone. */
    @Test
    void pascalVocWithoutBackground() {
        plantPascalVoc();
        assertScores("voc20", (2 / 3. + 0 + 0 + 0 + 3 / 4. + 2 / 3.) / 6, (2 / 3. + 0 + 3 / 4. + 1) / 4, 7 / 10., Map.of(
            "2007_000033", new int[] {5, 5, 0, 0, 5, 5, 5, 1, 19, 19, 19, 5},
            "2007_000042", new int[] {18, 18, 18, 3, 5, 5, 5, 5, 5, 5, 5, 5}));
    }

    /** True labels 0 0 0 1, 6 6 37 37, 59 59 59 50: the maps have another order. 0: 2/4, 1: 1/1, 6: 2/3, 37: 1/2, 50: 1/2, 59: 2/3. */
    @Test
    void pascalContextWithBackground() {
        tree.text("ImageSets/Main/val.txt", "2008_000002\n").picture("JPEGImages/2008_000002.jpg")
            .grey("59_context_labels/2008_000002.png", 0, 0, 0, 1, 2, 2, 15, 15, 59, 59, 59, 11);
        assertScores("context60", (1 / 2. + 1 + 2 / 3. + 1 / 2. + 1 / 2. + 2 / 3.) / 6, (2 / 3. + 1 + 1 + 1 / 2. + 1 + 2 / 3.) / 6, 9 / 12.,
            Map.of("2008_000002", new int[] {0, 0, 6, 1, 6, 6, 37, 50, 59, 59, 0, 50}));
    }

    /** Of 459 labels six belong to the 59: 0 36 46 51 54 58, at pixels 2 4 6 7 8 9. 0: 1/1, 36: 1/1, 46: 1/2, 51: 0/1, 54: 1/1, 58: 1/1. */
    @Test
    void pascalContextWithoutBackground() {
        tree.text("ImageSets/Main/val.txt", "2008_000002\n").picture("JPEGImages/2008_000002.jpg")
            .grey16("trainval/2008_000002.png", 0, 1, 2, 3, 284, 285, 360, 416, 427, 458, 459, 300);
        assertScores("context59", (1 + 1 + 1 / 2. + 0 + 1 + 1) / 6, 5 / 6., 5 / 6.,
            Map.of("2008_000002", new int[] {7, 7, 0, 0, 36, 36, 46, 46, 54, 58, 58, 58}));
    }

    /** True labels 1 1 1 12, 80 80 0 0, 0 57 57 57: stuff and what is unlabelled are background. 0: 2/4, 1: 2/4, 12: 1/1, 57: 3/4, 80: 1/2. */
    @Test
    void cocoObject() {
        tree.picture("val2017/000000000139.jpg").grey("stuffthingmaps/val2017/000000000139.png", 0, 0, 0, 12, 89, 89, 91, 181, 255, 61, 61, 61);
        assertScores("coco_object", (1 / 2. + 1 / 2. + 1 + 3 / 4. + 1 / 2.) / 5, (2 / 3. + 2 / 3. + 1 + 1 + 1 / 2.) / 5, 9 / 12.,
            Map.of("000000000139", new int[] {1, 1, 0, 12, 80, 1, 0, 0, 57, 57, 57, 57}));
    }

    /** True labels 0 0 11 11, 79 80 170 170, void void 137 137. 0: 1/3, 1: 0/1, 11: 2/2, 79: 1/2, 80: 0/2, 137: 1/2, 170: 1/2; 5 lies on void alone. */
    @Test
    void cocoStuff() {
        tree.picture("val2017/000000000139.jpg").grey("stuffthingmaps/val2017/000000000139.png", 0, 0, 12, 12, 89, 91, 181, 181, 255, 11, 148, 148);
        assertScores("coco_stuff", (1 / 3. + 0 + 1 + 1 / 2. + 0 + 1 / 2. + 1 / 2.) / 7, (1 / 2. + 1 + 1 + 0 + 1 / 2. + 1 / 2.) / 6, 6 / 10.,
            Map.of("000000000139", new int[] {0, 1, 11, 11, 79, 79, 170, 80, 5, 5, 137, 0}));
    }

    /** True labels 0 0 0 1, 1 2 11 13, void void void 18, and 10 but for a last void. 0: 2/6, 1: 2/3, 2: 1/1, 10: 8/11, 11: 1/2, 13: 0/1, 18: 1/1. */
    @Test
    void cityscapes() {
        tree.picture("leftImg8bit/val/frankfurt/frankfurt_000000_000294_leftImg8bit.png").picture("leftImg8bit/val/munster/munster_000000_000019_leftImg8bit.png")
            .grey("gtFine/val/frankfurt/frankfurt_000000_000294_gtFine_labelIds.png", 7, 7, 7, 8, 8, 11, 24, 26, 0, 4, 29, 33)
            .grey("gtFine/val/munster/munster_000000_000019_gtFine_labelIds.png", 23, 23, 23, 23, 23, 23, 23, 23, 23, 23, 23, 0);
        assertScores("city_scapes", (1 / 3. + 2 / 3. + 1 + 8 / 11. + 1 / 2. + 0 + 1) / 7, (2 / 3. + 1 + 1 + 8 / 11. + 1 + 0 + 1) / 7, 15 / 20., Map.of(
            "frankfurt_000000_000294", new int[] {0, 0, 1, 1, 1, 2, 11, 11, 3, 3, 3, 18},
            "munster_000000_000019", new int[] {10, 10, 10, 10, 10, 10, 10, 10, 0, 0, 0, 0}));
    }

    /** True labels void void 0 0, 1 1 149 149, 12 12 void void. 0: 2/3, 1: 1/2, 4: 0/1, 12: 1/2, 149: 2/2. */
    @Test
    void ade20k() {
        tree.picture("images/validation/ADE_val_00000001.jpg")
            .grey("annotations/validation/ADE_val_00000001.png", 0, 0, 1, 1, 2, 2, 150, 150, 13, 13, 0, 0);
        assertScores("ade20k", (2 / 3. + 1 / 2. + 0 + 1 / 2. + 1) / 5, (1 + 1 / 2. + 1 / 2. + 1) / 4, 6 / 8.,
            Map.of("ADE_val_00000001", new int[] {4, 4, 0, 0, 1, 0, 149, 149, 12, 4, 0, 0}));
    }

    /** Evaluates the data set under {@link #root}; scores are shares of one. */
    private void assertScores(String preset, double meanIou, double meanAccuracy, double pixelAccuracy, Map<String, int[]> labels) {
        DataSet set = DataSets.open(root, preset, DataSets.Options.DEFAULT);
        Evaluator.Labeller given = (picture, labelled) -> labelled.accept(new LabelMap(MiniTree.HEIGHT, MiniTree.WIDTH, labels.get(picture.sample().id())));
        Totals totals = new Totals(set.classes());
        new Evaluator(given, set.classes()).run(set.samples(), line -> line.counts().forEach(totals::add));
        ConfusionMatrix confusion = totals.confusion();
        assertAll(
            () -> assertEquals(100 * meanIou, confusion.meanIou(), 1e-9, "mIoU"),
            () -> assertEquals(100 * meanAccuracy, confusion.meanAccuracy(), 1e-9, "mAcc"),
            () -> assertEquals(100 * pixelAccuracy, confusion.pixelAccuracy(), 1e-9, "aAcc"));
    }
}
