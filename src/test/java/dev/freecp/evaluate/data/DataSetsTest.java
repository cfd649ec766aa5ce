package dev.freecp.evaluate.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.freecp.error.InputException;
import dev.freecp.error.UsageException;
import dev.freecp.image.LabelMap;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Each data set as a miniature in the layouts in which it is found, read to label maps worked out by hand. */
class DataSetsTest {

    @TempDir
    Path root;
    private MiniTree tree;

    @BeforeEach
    void plant() {
        tree = new MiniTree(root);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "VOC2012/", "VOCdevkit/VOC2012/"})
    void readsPascalVocWithAndWithoutBackground(String base) {
        tree.text(base + "ImageSets/Segmentation/val.txt", "2007_000033\n2007_000042\n")
            .picture(base + "JPEGImages/2007_000032.jpg").picture(base + "JPEGImages/2007_000033.jpg").picture(base + "JPEGImages/2007_000042.jpg")
            .palette(base + "SegmentationClass/2007_000033.png", 0, 0, 1, 1, 0, 255, 255, 1, 20, 20, 15, 0)
            .palette(base + "SegmentationClass/2007_000042.png", 19, 19, 19, 19, 0, 0, 0, 0, 255, 255, 255, 255);

        DataSet withBackground = open("voc21", "PASCAL VOC 2012 devkit", 21, "2007_000033", "2007_000042");
        assertEquals(List.of("background", "aeroplane", "bicycle"), withBackground.classNames().subList(0, 3));
        assertEquals(root.resolve(base + "JPEGImages/2007_000033.jpg"), withBackground.samples().getFirst().picture());
        assertTruth(withBackground, 0, 0, 0, 1, 1, 0, 255, 255, 1, 20, 20, 15, 0);
        assertTruth(withBackground, 1, 19, 19, 19, 19, 0, 0, 0, 0, 255, 255, 255, 255);

        DataSet without = open("voc20", "PASCAL VOC 2012 devkit", 20, "2007_000033", "2007_000042");
        assertEquals(List.of("aeroplane", "bicycle"), without.classNames().subList(0, 2));
        assertTruth(without, 0, 255, 255, 0, 0, 255, 255, 255, 0, 19, 19, 14, 255);
        assertTruth(without, 1, 18, 18, 18, 18, 255, 255, 255, 255, 255, 255, 255, 255);
    }

    @Test
    void readsConvertedPascalContext() {
        String base = "VOCdevkit/VOC2010/";
        tree.text(base + "ImageSets/SegmentationContext/val.txt", "2008_000002\n").picture(base + "JPEGImages/2008_000002.jpg")
            .grey(base + "SegmentationClassContext/2008_000002.png", 0, 0, 0, 0, 1, 1, 59, 59, 37, 37, 37, 255);

        assertTruth(open("context60", "PASCAL Context as the usual conversion makes it", 60, "2008_000002"), 0,
            0, 0, 0, 0, 1, 1, 59, 59, 37, 37, 37, 255);
        assertTruth(open("context59", "PASCAL Context as the usual conversion makes it", 59, "2008_000002"), 0,
            255, 255, 255, 255, 0, 0, 58, 58, 36, 36, 36, 255);
    }

    /** The maps have another order than the evaluation; the archive is unpacked beside the development kit. */
    @Test
    void readsPublishedPascalContextOf59Classes() {
        tree.text("VOCdevkit/VOC2010/ImageSets/Main/val.txt", "2008_000002\n").picture("VOCdevkit/VOC2010/JPEGImages/2008_000002.jpg")
            .grey("59_context_labels/2008_000002.png", 0, 1, 2, 11, 15, 20, 21, 42, 52, 59, 59, 59);

        DataSet set = open("context60", "PASCAL Context, published maps of 59 classes", 60, "2008_000002");
        assertTruth(set, 0, 0, 1, 6, 50, 37, 55, 2, 22, 4, 59, 59, 59);
        assertEquals(List.of("bicycle", "table", "person", "tvmonitor"), List.of(6, 50, 37, 55).stream().map(set.classNames()::get).toList());
        assertTruth(open("context59", "PASCAL Context, published maps of 59 classes", 59, "2008_000002"), 0,
            255, 0, 5, 49, 36, 54, 1, 21, 3, 58, 58, 58);
    }

    @Test
    void readsPublishedPascalContextOf459Labels() {
        tree.text("ImageSets/Main/val.txt", "2008_000002\n").picture("JPEGImages/2008_000002.jpg").bytes("trainval/2008_000002.mat", MatFileTest.DEFLATED);

        LabelMap map = open("context60", "PASCAL Context, published maps of 459 labels", 60, "2008_000002").samples().getFirst().truth().read();
        assertArrayEquals(new int[] {0, 37, 47, 1, 59, 0}, map.labels());
    }

    @Test
    void readsPascalContextOf459LabelsAsPng() {
        tree.text("ImageSets/Main/val.txt", "2008_000002\n").picture("JPEGImages/2008_000002.jpg")
            .grey16("trainval/2008_000002.png", 0, 1, 2, 3, 284, 285, 360, 416, 427, 458, 459, 300);

        assertTruth(open("context59", "PASCAL Context, maps of 459 labels as PNG", 59, "2008_000002"), 0,
            255, 255, 0, 255, 36, 255, 46, 51, 54, 58, 255, 255);
    }

    @ParameterizedTest
    @CsvSource({"images/val2017/, annotations/val2017/", "val2017/, stuffthingmaps/val2017/", "images/val2017/, stuffthingmaps_trainval2017/val2017/",
        "coco_stuff164k/images/val2017/, coco_stuff164k/annotations/val2017/"})
    void readsStuffThingMapsForBothCocoSets(String pictures, String maps) {
        tree.picture(pictures + "000000000139.jpg").picture(pictures + "000000000285.jpg")
            .grey(maps + "000000000139.png", 0, 12, 89, 91, 181, 255, 11, 148, 61, 61, 0, 0)
            .grey(maps + "000000000285.png", 22, 22, 22, 22, 22, 22, 22, 22, 123, 123, 123, 123);

        DataSet stuff = open("coco_stuff", "COCO-Stuff's stuffthingmaps", 171, "000000000139", "000000000285");
        assertTruth(stuff, 0, 0, 11, 79, 80, 170, 255, 255, 137, 56, 56, 0, 0);
        assertTruth(stuff, 1, 21, 21, 21, 21, 21, 21, 21, 21, 112, 112, 112, 112);
        assertEquals(List.of("person", "stopsign", "toothbrush", "banner", "wood"), List.of(0, 11, 79, 80, 170).stream().map(stuff.classNames()::get).toList());

        DataSet object = open("coco_object", "COCO-Stuff's stuffthingmaps", 81, "000000000139", "000000000285");
        assertTruth(object, 0, 1, 12, 80, 0, 0, 0, 0, 0, 57, 57, 1, 1);
        assertTruth(object, 1, 22, 22, 22, 22, 22, 22, 22, 22, 0, 0, 0, 0);
        assertEquals(List.of("background", "stop sign", "toothbrush"), List.of(0, 12, 80).stream().map(object.classNames()::get).toList());
    }

    /** The usual scripts put both kinds of map beside the ones they were made from. */
    @Test
    void prefersConvertedCocoMaps() {
        tree.picture("images/val2017/000000000139.jpg")
            .grey("annotations/val2017/000000000139.png", 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0)
            .grey("annotations/val2017/000000000139_labelTrainIds.png", 0, 1, 170, 255, 80, 80, 80, 80, 80, 80, 80, 80)
            .grey("annotations/val2017/000000000139_instanceTrainIds.png", 0, 1, 80, 0, 0, 0, 0, 0, 7, 7, 7, 7);

        assertTruth(open("coco_stuff", "COCO-Stuff as the usual conversion makes it", 171, "000000000139"), 0,
            0, 1, 170, 255, 80, 80, 80, 80, 80, 80, 80, 80);
        assertTruth(open("coco_object", "COCO Object as the usual conversion makes it", 81, "000000000139"), 0,
            0, 1, 80, 0, 0, 0, 0, 0, 7, 7, 7, 7);
    }

    @ParameterizedTest
    @CsvSource({"_gtFine_labelIds.png, 'Cityscapes, published ids', 0 7 8 11 17 24 26 29 31 33 4 23", "_gtFine_labelTrainIds.png, 'Cityscapes, train ids',"
        + " 255 0 1 2 5 11 13 255 16 18 255 10"})
    void readsCityscapes(String ending, String layout, String values) {
        int[] labels = numbers(values);
        for (String stem : List.of("munster/munster_000000_000019", "frankfurt/frankfurt_000000_000294")) {
            tree.picture("leftImg8bit/val/" + stem + "_leftImg8bit.png").grey("gtFine/val/" + stem + ending, labels);
        }
        DataSet set = open("city_scapes", layout, 19, "frankfurt_000000_000294", "munster_000000_000019");
        assertTruth(set, 1, 255, 0, 1, 2, 5, 11, 13, 255, 16, 18, 255, 10);
        assertEquals(List.of("road", "sidewalk", "building"), set.classNames().subList(0, 3));
        assertEquals("city_scapes", DataSets.open(root, "cityscapes", DataSets.Options.DEFAULT).name());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "ADEChallengeData2016/"})
    void readsAde(String base) {
        tree.picture(base + "images/validation/ADE_val_00000001.jpg").picture(base + "images/training/ADE_train_00000001.jpg")
            .grey(base + "annotations/validation/ADE_val_00000001.png", 0, 0, 1, 1, 2, 2, 150, 150, 13, 13, 0, 0);

        DataSet set = open("ade20k", "ADEChallengeData2016", 150, "ADE_val_00000001");
        assertTruth(set, 0, 255, 255, 0, 0, 1, 1, 149, 149, 12, 12, 255, 255);
        assertEquals(List.of("wall", "flag"), List.of(set.classNames().getFirst(), set.classNames().getLast()));
    }

    @Test
    void readsAFolderLaidOutAsPascalVoc() {
        tree.text("ImageSets/Segmentation/val.txt", "b\n\n").text("ImageSets/Segmentation/train.txt", "a\n")
            .picture("JPEGImages/a.jpg").picture("JPEGImages/b.png")
            .palette("SegmentationClass/a.png", 0, 1, 2, 0, 1, 2, 0, 1, 2, 0, 1, 2).grey("SegmentationClass/b.png", 2, 2, 2, 2, 1, 1, 1, 1, 0, 0, 0, 0);
        List<String> names = List.of("cat", "dog", "grass");

        DataSet set = DataSets.open(root, null, new DataSets.Options(null, names, false, null));
        assertEquals(List.of("folder", "a folder like PASCAL VOC", names, List.of("b"), 3),
            List.of(set.name(), set.layout(), set.classNames(), ids(set), set.classes()));
        assertTruth(set, 0, 2, 2, 2, 2, 1, 1, 1, 1, 0, 0, 0, 0);
        assertEquals(List.of("a"), ids(DataSets.open(root, DataSets.FOLDER, new DataSets.Options("train", names, false, null))));

        DataSet reduced = DataSets.open(root, null, new DataSets.Options(null, names, true, null));
        assertTruth(reduced, 0, 1, 1, 1, 1, 0, 0, 0, 0, 255, 255, 255, 255);
        assertEquals(List.of(false, true), List.of(set.reading().get("reduce_zero_label"), reduced.reading().get("reduce_zero_label")));
    }

    @Test
    void takesTheSplitFromAFileOfTheUser(@TempDir Path elsewhere) {
        new MiniTree(elsewhere).text("few.txt", "b\na\n");
        tree.picture("JPEGImages/a.jpg").picture("JPEGImages/b.jpg").picture("JPEGImages/c.jpg");
        for (String id : List.of("a", "b", "c")) tree.palette("SegmentationClass/" + id + ".png", new int[12]);

        String split = elsewhere.resolve("few.txt").toString();
        assertEquals(List.of("b", "a"), ids(DataSets.open(root, null, new DataSets.Options(split, List.of("cat"), false, null))));
        assertEquals(List.of("a", "b", "c"), ids(DataSets.open(root, null, new DataSets.Options(null, List.of("cat"), false, null))));
    }

    @Test
    void readsColoursByAPalette(@TempDir Path elsewhere) {
        new MiniTree(elsewhere).text("palette.txt", "# sky, grass\n70 130 180\n0,128,0\nvoid 224 224 192\n").text("short.txt", "1 2 3\n")
            .text("twice.txt", "1 2 3\n1 2 3\n").text("wrong.txt", "1 2 256\n1 2 3\n");
        tree.picture("JPEGImages/a.jpg").colors("SegmentationClass/a.png", 0x4682B4, 0x4682B4, 0x008000, 0xE0E0C0, 0x008000, 0x008000, 0x008000, 0x008000,
            0x4682B4, 0x4682B4, 0x4682B4, 0xE0E0C0);

        assertTruth(colored(elsewhere.resolve("palette.txt")), 0, 0, 0, 1, 255, 1, 1, 1, 1, 0, 0, 0, 255);
        assertEquals(Map.of("#4682b4", 0, "#008000", 1, "#e0e0c0", 255), colored(elsewhere.resolve("palette.txt")).reading().get("palette"));
        assertRefuses("has colours for 1 labels, but there are 2 classes", () -> colored(elsewhere.resolve("short.txt")));
        assertRefuses("line 2 has a colour that has come before", () -> colored(elsewhere.resolve("twice.txt")));
        assertRefuses("line 1 must be a colour of three numbers from 0 to 255, but is '1 2 256'", () -> colored(elsewhere.resolve("wrong.txt")));
        tree.colors("SegmentationClass/a.png", 0, 0, 0, 0, 0, 0x010203, 0, 0, 0, 0, 0, 0);
        assertRefuses("has the colour 0 0 0 at row 0, column 0", () -> colored(elsewhere.resolve("palette.txt")).samples().getFirst().truth().read());
    }

    @Test
    void refusesOptionsThatDoNotSuit() {
        assertThrows(UsageException.class, () -> DataSets.open(root, null, DataSets.Options.DEFAULT));
        assertThrows(UsageException.class, () -> DataSets.open(root, "voc22", DataSets.Options.DEFAULT));
        assertThrows(UsageException.class, () -> DataSets.open(root, "voc21", new DataSets.Options(null, List.of("a"), false, null)));
        assertThrows(UsageException.class, () -> DataSets.open(root, "voc21", new DataSets.Options(null, null, false, root)));
    }

    private DataSet colored(Path palette) {
        return DataSets.open(root, null, new DataSets.Options(null, List.of("sky", "grass"), false, palette));
    }

    private DataSet open(String preset, String layout, int classes, String... ids) {
        DataSet set = DataSets.open(root, preset, DataSets.Options.DEFAULT);
        assertEquals(List.of(preset, layout, classes, List.of(ids)), List.of(set.name(), set.layout(), set.classes(), ids(set)));
        assertEquals(classes, set.classNames().size());
        return set;
    }

    private static List<String> ids(DataSet set) {
        return set.samples().stream().map(Sample::id).toList();
    }

    private static int[] numbers(String text) {
        return Arrays.stream(text.split(" ")).mapToInt(Integer::parseInt).toArray();
    }

    private static void assertTruth(DataSet set, int sample, int... labels) {
        LabelMap map = set.samples().get(sample).truth().read();
        assertEquals(List.of(MiniTree.HEIGHT, MiniTree.WIDTH), List.of(map.height(), map.width()));
        assertArrayEquals(labels, map.labels());
    }

    private static void assertRefuses(String problem, Runnable act) {
        String message = assertThrows(InputException.class, act::run).getMessage();
        assertTrue(message.contains(problem), message);
    }
}
