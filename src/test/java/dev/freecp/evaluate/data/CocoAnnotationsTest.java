package dev.freecp.evaluate.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.freecp.error.InputException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** COCO Object from the JSON files that COCO publishes; pictures are 3 x 4 pixels. */
class CocoAnnotationsTest {

    private static final String IMAGES = """
        "images": [{"id": 285, "file_name": "000000000285.jpg", "height": 3, "width": 4, "license": 4},
                   {"id": 139, "file_name": "000000000139.jpg", "height": 3, "width": 4}]""";
    private static final String CATEGORIES = """
        "categories": [{"supercategory": "person", "id": 1, "name": "person"}, {"id": 62, "name": "chair"}, {"id": 90, "name": "toothbrush"}]""";

    /** A chair on columns 0..1 and rows 0..1; a crowd on all columns but the first, which comes later; a toothbrush on the last, its runs as text. */
    private static final String ANNOTATIONS = """
        "annotations": [
          {"id": 1, "image_id": 139, "category_id": 62, "iscrowd": 0, "segmentation": [[0, 0, 2, 0, 2, 2, 0, 2]], "bbox": [0, 0, 2, 2], "area": 4},
          {"id": 2, "image_id": 139, "category_id": 1, "iscrowd": 1, "segmentation": {"counts": [3, 9], "size": [3, 4]}},
          {"id": 3, "image_id": 139, "category_id": 90, "iscrowd": 0, "segmentation": {"counts": "93", "size": [3, 4]}}]""";

    @TempDir
    Path root;
    private MiniTree tree;

    @BeforeEach
    void plant() {
        tree = new MiniTree(root).picture("val2017/000000000139.jpg").picture("val2017/000000000285.jpg");
    }

    @Test
    void paintsInstancesInTheOrderOfTheFile() {
        DataSet set = instances(json("\"info\": {\"year\": 2017, \"more\": [1, {}]}", ANNOTATIONS, IMAGES, CATEGORIES));
        assertEquals(List.of("COCO's instance annotations", List.of("000000000139", "000000000285")),
            List.of(set.layout(), set.samples().stream().map(Sample::id).toList()));
        assertArrayEquals(new int[] {57, 1, 1, 80, 57, 1, 1, 80, 0, 1, 1, 80}, labels(set, 0));
        assertArrayEquals(new int[12], labels(set, 1), "a picture without things is background");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "'category_id\": 62' | 'category_id\": 12' | item 0 of annotations is of category 12, which is none of COCO's things",
        "'2, 0, 2, 2, 0, 2]]' | '2, 0]]' | item 0 of annotations must have outlines of x, y pairs, three at least",
        "'[[0, 0, 2' | '[[0, 0, \"2\"' | item 0 of annotations must have outlines of numbers",
        "'[3, 9]' | '[3, 8]' | a mask of picture 000000000139.jpg has 11 pixels, the picture 12",
        "'[3, 9]' | '[3, -9]' | item 1 of annotations must have whole numbers as run lengths",
        "'\"93\"' | '\"9P\"' | item 2 of annotations has broken run lengths: the text ends within a number",
        "'\"chair\"' | '\"sofa\"' | item 1 of categories gives the id 62 to 'sofa', but COCO gives it to 'chair'",
        "'\"id\": 90' | '\"id\": 91' | item 2 of categories gives the id 91 to 'toothbrush', but COCO gives it to none of its things",
        "'\"id\": 285' | '\"id\": 139' | item 1 of images has the id 139 of an earlier one",
        "'\"width\": 4, ' | '\"width\": 0, ' | item 0 of images must have a width of 1 or more, but it is 0",
        "'\"width\": 4, ' | '\"width\": 2147483647, ' | item 0 of images is larger than any picture that is read here",
        "'\"annotations\"' | '\"notes\"' | has no annotations; is it the annotation file of its name?",
        "'\"images\": [' | '\"images\": [5, ' | item 0 of images must be an object",
        "'\"id\": 1,' | '\"id\": 1,,' | no valid JSON"})
    void refusesInstancesThatCannotBe(String part, String instead, String problem) {
        String good = json(IMAGES, CATEGORIES, ANNOTATIONS);
        String bad = good.replace(part, instead);
        assertTrue(!bad.equals(good), part);
        String message = assertThrows(InputException.class, () -> instances(bad)).getMessage();
        assertTrue(message.startsWith(root.resolve("annotations/instances_val2017.json") + ": ") && message.contains(problem), message);
    }

    /** Segment 70_002 is 0x011172: red 0x72, green 0x11, blue 0x01. */
    @Test
    void readsThingsOfThePanopticAnnotations() {
        int chair = 0x721101;
        int person = 0x010000;
        int wall = 0x000001;
        tree.colors("annotations/panoptic_val2017/000000000139.png", chair, chair, person, person, wall, wall, 0, 0, wall, 0, person, chair)
            .colors("annotations/panoptic_val2017/000000000285.png", wall, wall, wall, wall, wall, wall, wall, wall, wall, wall, wall, wall);
        DataSet set = panoptic(panopticJson(70_002));
        assertEquals("COCO's panoptic annotations", set.layout());
        assertArrayEquals(new int[] {57, 57, 1, 1, 0, 0, 0, 0, 0, 0, 1, 57}, labels(set, 0));
        assertArrayEquals(new int[12], labels(set, 1));

        String unknown = assertThrows(InputException.class, () -> labels(panoptic(panopticJson(70_003)), 0)).getMessage();
        assertTrue(unknown.contains("000000000139.png: holds segment 70002, which the annotation file does not tell of"), unknown);
    }

    @Test
    void missesPanopticMaps() {
        tree.colors("annotations/panoptic_val2017/000000000139.png", new int[12]);
        String message = assertThrows(InputException.class, () -> panoptic(panopticJson(70_002))).getMessage();
        assertTrue(message.contains("there is no annotations/panoptic_val2017/000000000285.png, which annotations/panoptic_val2017.json names"), message);
    }

    @Test
    void missesPicturesThatTheFileNames() {
        String images = IMAGES.replace("000000000285.jpg", "000000000286.jpg");
        String message = assertThrows(InputException.class, () -> instances(json(images, CATEGORIES, ANNOTATIONS))).getMessage();
        assertTrue(message.contains("there is no val2017/000000000286.jpg, which annotations/instances_val2017.json names"), message);
    }

    private static String panopticJson(int chair) {
        return json("""
            "annotations": [
              {"image_id": 139, "file_name": "000000000139.png", "segments_info": [
                {"id": %d, "category_id": 62, "iscrowd": 0}, {"id": 1, "category_id": 1, "iscrowd": 1}, {"id": 65536, "category_id": 175}]},
              {"image_id": 285, "file_name": "000000000285.png", "segments_info": [{"id": 65536, "category_id": 175}]}]""".formatted(chair), IMAGES, """
            "categories": [{"id": 1, "isthing": 1, "name": "person"}, {"id": 62, "isthing": 1, "name": "chair"}, {"id": 175, "isthing": 0, "name": "wall-tile"}]""");
    }

    private static String json(String... fields) {
        return "{" + String.join(", ", fields) + "}";
    }

    private DataSet instances(String json) {
        tree.text("annotations/instances_val2017.json", json);
        return DataSets.open(root, "coco_object", DataSets.Options.DEFAULT);
    }

    private DataSet panoptic(String json) {
        tree.text("annotations/panoptic_val2017.json", json);
        return DataSets.open(root, "coco_object", DataSets.Options.DEFAULT);
    }

    private static int[] labels(DataSet set, int sample) {
        return set.samples().get(sample).truth().read().labels();
    }
}
