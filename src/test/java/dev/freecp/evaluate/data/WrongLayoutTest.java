package dev.freecp.evaluate.data;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.freecp.error.InputException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What does not fit is told apart: the first mismatch, the files expected, the files found. */
class WrongLayoutTest {

    @TempDir
    Path root;
    private MiniTree tree;

    @BeforeEach
    void plant() {
        tree = new MiniTree(root);
    }

    @Test
    void noFolderAtAll() {
        assertEquals(root.resolve("x") + ": wanted the folder of a data set, there is none of this name", message("voc21", root.resolve("x"), null));
    }

    @ParameterizedTest
    @ValueSource(strings = {"voc21", "voc20", "context60", "context59", "coco_object", "coco_stuff", "city_scapes", "ade20k"})
    void anEmptyFolderIsNoDataSet(String preset) {
        String message = message(preset, root, null);
        assertEquals(root + ": no " + preset + " data set of a known layout: there is no folder ", message.substring(0, message.indexOf("no folder ") + 10));
        assertEquals(true, message.contains("; expected, for ") && message.contains("; found nothing in " + root), message);
    }

    @Test
    void pascalVocWithoutLabels() {
        tree.picture("VOCdevkit/VOC2012/JPEGImages/a.jpg").text("VOCdevkit/VOC2012/Annotations/a.xml", "");
        assertEquals(root + ": no voc21 data set of a known layout: there is no folder VOCdevkit/VOC2012/SegmentationClass; expected, for PASCAL VOC 2012 devkit,"
            + " JPEGImages/*.jpg, SegmentationClass/*.png, ImageSets/Segmentation/val.txt (here or in VOC2012 or VOCdevkit/VOC2012);"
            + " found in VOCdevkit/VOC2012: Annotations/, JPEGImages/", message("voc21", root, null));
    }

    @Test
    void aSplitThatIsNotThere() {
        tree.picture("JPEGImages/a.jpg").palette("SegmentationClass/a.png", new int[12]).text("ImageSets/Segmentation/trainval.txt", "a");
        assertEquals(root + ": no voc21 data set of a known layout: there is no file ImageSets/Segmentation/test.txt; expected, for PASCAL VOC 2012 devkit,"
            + " JPEGImages/*.jpg, SegmentationClass/*.png, ImageSets/Segmentation/test.txt (here or in VOC2012 or VOCdevkit/VOC2012);"
            + " found in ImageSets/Segmentation: trainval.txt", message("voc21", root, "test"));
    }

    @Test
    void aListedPictureThatIsMissing() {
        for (String id : List.of("a", "b", "c", "d", "e", "f", "g", "h")) {
            tree.picture("JPEGImages/" + id + ".jpg").palette("SegmentationClass/" + id + ".png", new int[12]);
        }
        tree.text("ImageSets/Segmentation/val.txt", "a\nz\n");
        assertEquals(root + ": no voc21 data set of a known layout: there is no JPEGImages/z.jpg, which ImageSets/Segmentation/val.txt lists; expected, for PASCAL"
            + " VOC 2012 devkit, JPEGImages/*.jpg, SegmentationClass/*.png, ImageSets/Segmentation/val.txt (here or in VOC2012 or VOCdevkit/VOC2012);"
            + " found in JPEGImages: a.jpg, b.jpg, c.jpg, d.jpg, e.jpg, f.jpg and 2 more", message("voc21", root, null));
    }

    @Test
    void aListThatNamesAPictureTwiceOrNone() {
        tree.picture("JPEGImages/a.jpg").palette("SegmentationClass/a.png", new int[12]).text("ImageSets/Segmentation/val.txt", "a\na\n");
        assertEquals("ImageSets/Segmentation/val.txt lists a twice", mismatch(message("voc21", root, null)));
        tree.text("ImageSets/Segmentation/val.txt", "\n");
        assertEquals("ImageSets/Segmentation/val.txt lists no picture", mismatch(message("voc21", root, null)));
    }

    /** Pascal Context needs its own maps: those of PASCAL VOC, in the same development kit, have other classes. */
    @Test
    void pascalVocIsNotTakenForPascalContext() {
        tree.text("ImageSets/Segmentation/val.txt", "a").text("ImageSets/Main/val.txt", "a").picture("JPEGImages/a.jpg").palette("SegmentationClass/a.png", new int[12]);
        assertEquals("there is no folder SegmentationClassContext", mismatch(message("context60", root, null)));
    }

    @Test
    void cocoMapsThatTheConversionLeftOut() {
        tree.picture("images/val2017/000000000139.jpg").grey("annotations/val2017/000000000139_instanceTrainIds.png", new int[12]);
        String message = message("coco_stuff", root, null);
        assertEquals("there is no annotations/val2017/000000000139_labelTrainIds.png with the labels of images/val2017/000000000139.jpg", mismatch(message));
        assertEquals("; found in annotations/val2017: 000000000139_instanceTrainIds.png; also read would be: COCO-Stuff's stuffthingmaps",
            message.substring(message.indexOf("; found")));
    }

    @Test
    void cityscapesWithoutItsCities() {
        tree.picture("leftImg8bit/val/frankfurt_000000_000294.png").text("gtFine/val/readme.txt", "");
        assertEquals("leftImg8bit/val has no file that ends in _leftImg8bit.png", mismatch(message("city_scapes", root, null)));
    }

    @Test
    void labelsThatAreColoursOrNoPng() {
        tree.text("ImageSets/Segmentation/val.txt", "a\nb").picture("JPEGImages/a.jpg").picture("JPEGImages/b.jpg")
            .colors("SegmentationClass/a.png", new int[12]).text("SegmentationClass/b.png", "GIF89a");
        List<Sample> samples = DataSets.open(root, "voc21", DataSets.Options.DEFAULT).samples();
        assertEquals(root.resolve("SegmentationClass/a.png") + ": labels must be a palette or grey PNG, this one has 3 channels",
            assertThrows(InputException.class, samples.getFirst().truth()::read).getMessage());
        assertEquals(root.resolve("SegmentationClass/b.png") + ": labels are read from PNG files only, and this is none",
            assertThrows(InputException.class, samples.getLast().truth()::read).getMessage());
    }

    private static String message(String preset, Path root, String split) {
        return assertThrows(InputException.class, () -> DataSets.open(root, preset, new DataSets.Options(split, null, false, null))).getMessage();
    }

    private static String mismatch(String message) {
        String start = "data set of a known layout: ";
        return message.substring(message.indexOf(start) + start.length(), message.indexOf("; expected"));
    }
}
