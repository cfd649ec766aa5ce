package dev.freecp.report.export;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.jr.ob.JSON;
import dev.freecp.error.UsageException;
import dev.freecp.image.LabelMap;
import dev.freecp.image.LabelPng;
import dev.freecp.image.Pictures;
import dev.freecp.segment.Background;
import dev.freecp.segment.Vocabulary;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ExportFormatsTest {

    private static final ExportSettings RLE = new ExportSettings(true, 0, 0);

    private final LabelMap map = Scenes.discs(new Random(4), 37, 52);

    private static Map<String, byte[]> bytes(String format, ExportPicture picture) throws IOException {
        Map<String, byte[]> files = new LinkedHashMap<>();
        for (Map.Entry<String, ExportFormat.Content> file : ExportFormats.of(format).alone(picture).entrySet()) {
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            file.getValue().writeTo(out);
            files.put(file.getKey(), out.toByteArray());
        }
        return files;
    }

    private Map<String, byte[]> bytes(String format) throws IOException {
        return bytes(format, Scenes.picture(map, Scenes.WORDS, ExportSettings.EXACT));
    }

    private static List<Map<String, Object>> list(Object json) {
        List<Map<String, Object>> items = new ArrayList<>();
        for (Object item : (List<?>) json) items.add(object(item));
        return items;
    }

    private static Map<String, Object> object(Object json) {
        Map<String, Object> object = new LinkedHashMap<>();
        ((Map<?, ?>) json).forEach((key, value) -> object.put((String) key, value));
        return object;
    }

    private static int[] numbers(Object json) {
        return ((List<?>) json).stream().mapToInt(number -> (Integer) number).toArray();
    }

    private static Ring ring(Object points) {
        return new Ring(((List<?>) points).stream().flatMapToInt(point -> IntStream.of(numbers(point))).toArray());
    }

    private void paint(int[] painted, List<Ring> rings, int label) {
        boolean[] inside = Scenes.fill(rings, map.height(), map.width());
        for (int i = 0; i < inside.length; i++) if (inside[i]) painted[i] = label;
    }

    @Test
    void everyFormatSaysWhatItIsAndKeepsToItsEndings() throws IOException {
        for (ExportFormat format : ExportFormats.all()) {
            assertTrue(format.mediaType().matches("[a-z]+/[a-z0-9.+-]+"), format.name());
            assertEquals(format, ExportFormats.of(" " + format.name()));
            if (!(format instanceof PictureFormat files)) continue;
            List<String> endings = files.endings(Scenes.WORDS);
            for (String name : files.files(Scenes.picture(map, Scenes.WORDS, ExportSettings.EXACT)).keySet())
                assertTrue(name.startsWith("scene.") && endings.contains(name.substring("scene".length())), name);
        }
    }

    @Test
    void refusesFormatsAndNumbersThatAreNone() {
        UsageException refusal = assertThrows(UsageException.class, () -> ExportFormats.parse("coco,yollo"));
        assertEquals("there is no export 'yollo'; choose from png, classes, coco, yolo, geojson, labelme, npy", refusal.getMessage());
        assertThrows(UsageException.class, () -> new ExportSettings(false, -1, 0));
        assertThrows(UsageException.class, () -> new ExportSettings(false, Double.NaN, 0));
        assertThrows(UsageException.class, () -> new ExportSettings(false, 0, -1));
        assertEquals(2, ExportFormats.parse("coco, yolo,coco").size());
    }

    @Test
    void labelsArePixelValues(@TempDir Path folder) throws IOException {
        Path file = Files.write(folder.resolve("labels.png"), bytes("png").get("scene.labels.png"));
        assertArrayEquals(map.labels(), LabelPng.read(file).labels());
    }

    @Test
    void everyLabelWithPixelsIsWhiteInAPictureOfItsOwn() throws IOException {
        LabelMap two = Scenes.parse("002", "220");
        Map<String, byte[]> files = bytes("classes", Scenes.picture(two, Scenes.WORDS, ExportSettings.EXACT));
        assertEquals(List.of("scene.class-000-wood.png", "scene.class-002-sea.png"), List.copyOf(files.keySet()));
        var sea = Pictures.read(new ByteArrayInputStream(files.get("scene.class-002-sea.png")), "sea");
        for (int i = 0; i < 6; i++) assertEquals(two.labels()[i] == 2 ? 0xffffff : 0, sea.rgb(i / 3, i % 3));
    }

    @Test
    void namesOfFilesHaveNothingThatAFileSystemRefuses() throws IOException {
        Vocabulary words = Vocabulary.parse("a/b: *c?; naïve Straße", new Background.None());
        assertEquals(List.of("scene.class-000-a-b-c-.png", "scene.class-001-naïve-straße.png"),
            List.copyOf(bytes("classes", Scenes.picture(Scenes.parse("01"), words, ExportSettings.EXACT)).keySet()));
    }

    @Test
    void cocosPolygonsPaintTheLabels() throws IOException {
        Map<String, Object> json = JSON.std.mapFrom(bytes("coco").get("annotations.coco.json"));
        assertEquals(List.of("wood", "big", "sea"), list(json.get("categories")).stream().map(category -> category.get("name")).toList());
        assertEquals(Map.of("id", 1, "file_name", "scene.jpg", "width", 52, "height", 37), list(json.get("images")).getFirst());
        int[] painted = new int[map.labels().length];
        Arrays.fill(painted, -1);
        for (Map<String, Object> annotation : list(json.get("annotations"))) {
            Ring line = new Ring(numbers(((List<?>) annotation.get("segmentation")).getFirst()));
            paint(painted, List.of(line), (Integer) annotation.get("category_id") - 1);
            int[] box = numbers(annotation.get("bbox"));
            assertEquals(box[0], IntStream.range(0, line.corners()).map(line::x).min().orElseThrow());
            assertEquals(box[1] + box[3], IntStream.range(0, line.corners()).map(line::y).max().orElseThrow());
        }
        assertArrayEquals(map.labels(), painted);
    }

    @Test
    void cocosRunLengthsPaintTheLabels() throws IOException {
        Map<String, Object> json = JSON.std.mapFrom(bytes("coco", Scenes.picture(map, Scenes.WORDS, RLE)).get("annotations.coco.json"));
        int[] painted = new int[map.labels().length];
        Arrays.fill(painted, -1);
        for (Map<String, Object> annotation : list(json.get("annotations"))) {
            Map<String, Object> mask = object(annotation.get("segmentation"));
            assertArrayEquals(new int[] {37, 52}, numbers(mask.get("size")));
            List<Long> runs = MaskRunsTest.decode((String) mask.get("counts"));
            int at = 0, pixels = 0;
            for (int i = 0; i < runs.size(); i++) {
                for (long n = 0; n < runs.get(i); n++, at++) if (i % 2 == 1) painted[at % 37 * 52 + at / 37] = (Integer) annotation.get("category_id") - 1;
                if (i % 2 == 1) pixels += runs.get(i);
            }
            assertEquals(annotation.get("area"), pixels);
        }
        assertArrayEquals(map.labels(), painted);
    }

    @Test
    void cocoCountsPicturesAndAnnotationsThroughARun() throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        RunFormat.Document document = ((RunFormat) ExportFormats.of("coco")).begin(out, Scenes.WORDS);
        for (int i = 0; i < 3; i++) document.add(Scenes.picture(Scenes.parse("01"), Scenes.WORDS, ExportSettings.EXACT));
        document.end();
        Map<String, Object> json = JSON.std.mapFrom(out.toByteArray());
        assertEquals(List.of(1, 2, 3, 4, 5, 6), list(json.get("annotations")).stream().map(annotation -> annotation.get("id")).toList());
        assertEquals(List.of(1, 1, 2, 2, 3, 3), list(json.get("annotations")).stream().map(annotation -> annotation.get("image_id")).toList());
        assertEquals(List.of(1, 2, 3), list(json.get("images")).stream().map(image -> image.get("id")).toList());
    }

    @Test
    void theBackgroundIsNoRegionAndSmallRegionsAreLeftOut() throws IOException {
        Vocabulary words = Vocabulary.parse("wood; sea", new Background.Words(List.of("sky")));
        ExportPicture picture = Scenes.picture(Scenes.parse("0011", "0202", "0002"), words, new ExportSettings(false, 0, 2));
        Map<String, Object> json = JSON.std.mapFrom(bytes("coco", picture).get("annotations.coco.json"));
        assertEquals(List.of(1, 2), list(json.get("annotations")).stream().map(annotation -> annotation.get("category_id")).toList());
        assertEquals(List.of(2, 2), list(json.get("annotations")).stream().map(annotation -> annotation.get("area")).toList());
        assertEquals(List.of("0", "1"), new String(bytes("yolo", picture).get("scene.txt"), StandardCharsets.UTF_8).lines().map(line -> line.substring(0, 1)).toList());
        assertEquals(List.of(1, 2), list(JSON.std.mapFrom(bytes("geojson", picture).get("scene.geojson")).get("features")).stream()
            .map(feature -> object(feature.get("properties")).get("label")).toList());
    }

    @Test
    void yolosLinesPaintTheLabels() throws IOException {
        Map<String, byte[]> files = bytes("yolo");
        assertEquals("wood\nbig\nsea\n", new String(files.get("classes.txt"), StandardCharsets.UTF_8));
        assertTrue(new String(files.get("data.yaml"), StandardCharsets.UTF_8).endsWith("names:\n  0: \"wood\"\n  1: \"big\"\n  2: \"sea\"\n"));
        int[] painted = new int[map.labels().length];
        Arrays.fill(painted, -1);
        for (String line : new String(files.get("scene.txt"), StandardCharsets.UTF_8).lines().toList()) {
            double[] words = Arrays.stream(line.split(" ")).mapToDouble(Double::parseDouble).toArray();
            int[] xy = IntStream.range(1, words.length).map(i -> (int) Math.round(words[i] * (i % 2 == 1 ? 52 : 37))).toArray();
            for (int i = 0; i < xy.length; i++) assertEquals(xy[i], words[i + 1] * (i % 2 == 0 ? 52 : 37), 1e-4);
            paint(painted, List.of(new Ring(xy)), (int) words[0]);
        }
        assertArrayEquals(map.labels(), painted);
    }

    @Test
    void aFeatureOfGeoJsonIsAClassWithAllItsRegions() throws IOException {
        Map<String, Object> json = JSON.std.mapFrom(bytes("geojson").get("scene.geojson"));
        int[] painted = new int[map.labels().length];
        Arrays.fill(painted, -1);
        for (Map<String, Object> feature : list(json.get("features"))) {
            Map<String, Object> geometry = object(feature.get("geometry")), facts = object(feature.get("properties"));
            int label = (Integer) facts.get("label");
            assertEquals(Scenes.WORDS.classes().get(label), facts.get("class"));
            List<?> polygons = geometry.get("type").equals("Polygon") ? List.of(geometry.get("coordinates")) : (List<?>) geometry.get("coordinates");
            for (Object polygon : polygons) {
                List<Ring> rings = ((List<?>) polygon).stream().map(ExportFormatsTest::ring).toList();
                for (int i = 0; i < rings.size(); i++) {
                    Ring ring = rings.get(i);
                    assertEquals(List.of(ring.x(0), ring.y(0)), List.of(ring.x(ring.corners() - 1), ring.y(ring.corners() - 1)), "a ring is closed");
                    assertEquals(i == 0, ring.doubledArea() > 0, "outer rings counterclockwise by the numbers, holes clockwise");
                }
                paint(painted, rings, label);
            }
            float[] scores = Scenes.confidence(map);
            int[] own = IntStream.range(0, scores.length).filter(i -> map.labels()[i] == label).toArray();
            assertEquals(own.length, facts.get("area"));
            assertEquals(Arrays.stream(own).mapToDouble(i -> scores[i]).average().orElseThrow(), (Double) facts.get("confidence"), 1e-6);
        }
        assertArrayEquals(map.labels(), painted);
    }

    @Test
    void labelMeGetsThePathToThePictureAndItsShapes() throws IOException {
        Map<String, Object> json = JSON.std.mapFrom(bytes("labelme").get("scene.labelme.json"));
        assertEquals("../photos/scene.jpg", json.get("imagePath"));
        assertEquals(List.of(37, 52), List.of(json.get("imageHeight"), json.get("imageWidth")));
        assertTrue(json.containsKey("imageData") && json.get("imageData") == null);
        int[] painted = new int[map.labels().length];
        Arrays.fill(painted, -1);
        for (Map<String, Object> shape : list(json.get("shapes"))) {
            assertEquals("polygon", shape.get("shape_type"));
            paint(painted, List.of(ring(shape.get("points"))), Scenes.WORDS.classes().indexOf(shape.get("label")));
        }
        assertArrayEquals(map.labels(), painted);
    }

    /** Reads as NumPy's format description says. */
    private static ByteBuffer npy(byte[] file, String type) {
        ByteBuffer bytes = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
        assertEquals("\u0093NUMPY\1\0", new String(file, 0, 8, StandardCharsets.ISO_8859_1));
        int length = bytes.getShort(8);
        assertEquals(0, (10 + length) % 64);
        String header = new String(file, 10, length, StandardCharsets.US_ASCII);
        assertTrue(header.startsWith("{'descr': '" + type + "', 'fortran_order': False, 'shape': (37, 52), }") && header.endsWith("\n"), header);
        return bytes.position(10 + length).slice().order(ByteOrder.LITTLE_ENDIAN);
    }

    @Test
    void numPyGetsLabelsAndConfidences() throws IOException {
        Map<String, byte[]> files = bytes("npy");
        ByteBuffer labels = npy(files.get("scene.labels.npy"), "|u1"), confidence = npy(files.get("scene.confidence.npy"), "<f4");
        for (int i = 0; i < map.labels().length; i++) {
            assertEquals(map.labels()[i], labels.get());
            assertEquals(Scenes.confidence(map)[i], confidence.getFloat());
        }
        assertTrue(!labels.hasRemaining() && !confidence.hasRemaining());
    }

    @Test
    void numPyGetsWiderLabelsWhereThereAreMoreThan256() throws IOException {
        Vocabulary many = Vocabulary.parse(IntStream.range(0, 300).mapToObj(i -> "word" + i).collect(Collectors.joining("; ")), new Background.None());
        LabelMap high = new LabelMap(37, 52, IntStream.range(0, 37 * 52).map(i -> i % 300).toArray());
        ByteBuffer labels = npy(bytes("npy", Scenes.picture(high, many, ExportSettings.EXACT)).get("scene.labels.npy"), "<u2");
        for (int label : high.labels()) assertEquals(label, labels.getShort());
    }

    @Test
    void theSamePictureGivesTheSameBytes() throws IOException {
        for (ExportFormat format : ExportFormats.all()) {
            Map<String, byte[]> first = bytes(format.name()), second = bytes(format.name());
            assertEquals(first.keySet(), second.keySet());
            first.forEach((name, content) -> assertArrayEquals(content, second.get(name), name));
        }
    }
}
