package dev.freecp.evaluate.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.freecp.error.InputException;
import dev.freecp.image.LabelMap;
import dev.freecp.segment.Preset;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class IdTableTest {

    /** @param judged values that stand for a class or the background */
    private record Facts(String table, int values, int judged, String ten) {
    }

    /** Ten ids each, as {@code value>label name}. */
    static Stream<Facts> tables() {
        return Stream.of(
            new Facts("voc", 22, 21, "0>0 background, 1>1 aeroplane, 4>4 boat, 5>5 bottle, 8>8 cat, 11>11 diningtable, 15>15 person, 16>16 pottedplant,"
                + " 20>20 tvmonitor, 255>255 void"),
            new Facts("context59", 60, 60, "0>0 background, 1>1 aeroplane, 2>6 bicycle, 11>50 table, 15>37 person, 20>55 tvmonitor, 21>2 bag, 42>22 curtain,"
                + " 52>4 bedclothes, 59>59 wood"),
            new Facts("context459", 60, 60, "0>0 background, 2>1 aeroplane, 9>2 bag, 25>7 bird, 31>8 boat, 72>17 chair, 98>20 cow, 284>37 person, 416>52 train,"
                + " 458>59 wood"),
            new Facts("coco_object", 80, 80, "1>1 person, 2>2 bicycle, 11>11 fire hydrant, 13>12 stop sign, 27>25 backpack, 44>40 bottle, 62>57 chair,"
                + " 72>63 tv, 82>73 refrigerator, 90>80 toothbrush"),
            new Facts("coco_stuff", 183, 171, "0>0 person, 11>255 street sign, 12>11 stop sign, 65>255 mirror, 89>79 toothbrush, 90>255 hair brush,"
                + " 91>80 banner, 148>137 road, 181>170 wood, 255>255 unlabeled"),
            new Facts("cityscapes", 34, 19, "0>255 unlabeled, 6>255 ground, 7>0 road, 8>1 sidewalk, 11>2 building, 17>5 pole, 24>11 person, 29>255 caravan,"
                + " 31>16 train, 33>18 bicycle"),
            new Facts("ade20k", 151, 151, "0>0 other, 1>1 wall, 2>2 building, 13>13 person, 21>21 car, 67>67 flower, 90>90 television, 117>117 minibike,"
                + " 145>145 bulletin board, 150>150 flag"));
    }

    @ParameterizedTest
    @MethodSource("tables")
    void hasTheCountsAndTenNamedIdsOfItsPublisher(Facts facts) {
        IdTable table = IdTable.of(facts.table);
        assertEquals(facts.values, table.values().size());
        assertEquals(facts.judged, table.values().stream().filter(value -> table.entry(value).label() != 255).count());
        String[] ten = facts.ten.split(", ");
        assertEquals(10, ten.length);
        for (String named : ten) {
            int value = Integer.parseInt(named.substring(0, named.indexOf('>')));
            assertEquals(named, value + ">" + table.entry(value).label() + " " + table.entry(value).name());
        }
    }

    @ParameterizedTest
    @MethodSource("tables")
    void givesEveryLabelToOneValueWithoutGaps(Facts facts) {
        IdTable table = IdTable.of(facts.table);
        List<Integer> labels = table.values().stream().map(value -> table.entry(value).label()).filter(label -> label != 255).sorted().toList();
        int first = facts.table.equals("coco_object") ? 1 : 0;
        assertEquals(IntStream.range(first, first + facts.judged).boxed().toList(), labels);
    }

    @ParameterizedTest
    @MethodSource("tables")
    void citesWhereItComesFrom(Facts facts) throws IOException {
        try (InputStream in = IdTable.class.getResourceAsStream(facts.table + ".txt")) {
            String text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
            assertTrue(text.lines().takeWhile(line -> line.startsWith("#")).anyMatch(line -> line.startsWith("# Publisher: ")), text);
        }
    }

    /** The words of the released program and the publishers' names agree in order, so a label means the same on both sides. */
    @ParameterizedTest
    @CsvSource({"context59, CONTEXT59, 1", "context459, CONTEXT59, 1", "coco_object, COCO_OBJECT, 0", "coco_stuff, COCO_STUFF, 0",
        "cityscapes, CITY_SCAPES, 0", "ade20k, ADE20K, 1", "voc, VOC20, 1"})
    void numbersClassesAsThePresetDoes(String name, Preset preset, int firstLabel) {
        IdTable table = IdTable.of(name);
        List<String> words = preset.vocabulary().labelNames();
        Map<Integer, String> other = new HashMap<>();
        for (int value : table.values()) {
            IdTable.Entry entry = table.entry(value);
            int label = entry.label() - firstLabel;
            if (entry.label() == 255 || label < 0) continue;
            if (!plain(words.get(label)).startsWith(plain(entry.name()))) other.put(entry.label(), entry.name() + " / " + words.get(label));
        }
        // Where the released program asks for another word than the publisher's name.
        assertEquals(name.equals("voc") ? Map.of(4, "boat / ship", 11, "diningtable / table", 20, "tvmonitor / television monitor screen") : Map.of(), other);
    }

    private static String plain(String name) {
        return name.replace(" ", "").replace("-", "");
    }

    @Test
    void cocoObjectSeesStuffAndWhatIsUnlabelledAsBackground() {
        IdTable maps = IdTable.of("coco_stuff").relabelled(label -> label < 80 ? label + 1 : 0);
        IdTable things = IdTable.of("coco_object");
        for (int category : things.values()) assertEquals(things.entry(category), maps.entry(category - 1));
        assertEquals(0, maps.entry(91).label());
        assertEquals(0, maps.entry(255).label());
    }

    @Test
    void labelsThatNoTableListsMayStandForOneLabel() {
        IdTable all = IdTable.of("context459").others(459, 0, "other");
        assertEquals(460, all.values().size());
        LabelMap labels = all.labels(new LabelMap(1, 5, new int[] {1, 2, 3, 458, 459}), "a.png");
        assertArrayEquals(new int[] {0, 1, 0, 59, 0}, labels.labels());
        assertEquals(60, new TreeSet<>(all.values().stream().map(value -> all.entry(value).label()).toList()).size());
    }

    @ParameterizedTest
    @ValueSource(ints = {34, 254, -1})
    void refusesValuesThatItDoesNotKnow(int value) {
        IdTable table = IdTable.of("cityscapes");
        LabelMap map = new LabelMap(2, 3, new int[] {7, 7, 7, 7, 7, value});
        String message = assertThrows(InputException.class, () -> table.labels(map, "a.png")).getMessage();
        assertEquals("a.png: holds the value " + value + " at row 1, column 2, which the table cityscapes does not know; is this file what its folder's name"
            + " says?", message);
    }
}
