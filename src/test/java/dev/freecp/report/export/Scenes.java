package dev.freecp.report.export;

import dev.freecp.image.LabelMap;
import dev.freecp.segment.Background;
import dev.freecp.segment.Segmentation;
import dev.freecp.segment.Vocabulary;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;

/** Label maps that are hard to outline, and results made of them. */
final class Scenes {

    static final Vocabulary WORDS = Vocabulary.parse("wood; big, large; sea", new Background.None());

    private Scenes() {
    }

    /** Noise, discs over each other, and checkerboards of odd sizes, with labels 0 to 2. */
    static Stream<LabelMap> all() {
        Random random = new Random(8);
        return Stream.of(noise(random, 1, 1), noise(random, 1, 9), noise(random, 7, 1), noise(random, 23, 31), discs(random, 64, 48), discs(random, 33, 70), checkers(9, 12),
            parse("000", "010", "000"), parse("0110", "1001", "0110"), parse("00000", "01010", "00100", "01010", "00000"), parse("110", "100", "001"));
    }

    static LabelMap noise(Random random, int height, int width) {
        return new LabelMap(height, width, random.ints((long) height * width, 0, 3).toArray());
    }

    static LabelMap discs(Random random, int height, int width) {
        int[] labels = new int[height * width];
        for (int disc = 0; disc < 12; disc++) {
            int cy = random.nextInt(height), cx = random.nextInt(width), radius = 1 + random.nextInt(height / 4), label = random.nextInt(3);
            for (int i = 0; i < labels.length; i++) {
                int dy = i / width - cy, dx = i % width - cx;
                if (dy * dy + dx * dx < radius * radius) labels[i] = label;
            }
        }
        return new LabelMap(height, width, labels);
    }

    private static LabelMap checkers(int height, int width) {
        int[] labels = new int[height * width];
        for (int i = 0; i < labels.length; i++) labels[i] = (i / width + i % width) % 2;
        return new LabelMap(height, width, labels);
    }

    /** A digit a pixel. */
    static LabelMap parse(String... rows) {
        return new LabelMap(rows.length, rows[0].length(), String.join("", rows).chars().map(c -> c - '0').toArray());
    }

    /** Confidences that differ from pixel to pixel. */
    static float[] confidence(LabelMap map) {
        float[] confidence = new float[map.labels().length];
        for (int i = 0; i < confidence.length; i++) confidence[i] = (i % 16 + 1) / 16f;
        return confidence;
    }

    static List<Outline> outlines(LabelMap map) {
        return new Regions(map, confidence(map)).outlines();
    }

    static ExportPicture picture(LabelMap map, Vocabulary words, ExportSettings settings) {
        return new ExportPicture("scene", "../photos/scene.jpg", new Segmentation(map, confidence(map), words, List.of(), List.of(), Map.of()), settings);
    }

    /** Which pixels have their middle inside an odd number of times: what a polygon with these rings covers. */
    static boolean[] fill(List<Ring> rings, int height, int width) {
        boolean[] inside = new boolean[height * width];
        for (Ring ring : rings) {
            for (int i = 0; i < ring.corners(); i++) {
                int next = (i + 1) % ring.corners();
                double x0 = ring.x(i), y0 = ring.y(i), x1 = ring.x(next), y1 = ring.y(next);
                for (int y = 0; y < height; y++) {
                    if (y0 <= y + 0.5 == y1 <= y + 0.5) continue;
                    double crossing = x0 + (x1 - x0) * (y + 0.5 - y0) / (y1 - y0);
                    for (int x = 0; x < width; x++) if (x + 0.5 > crossing) inside[y * width + x] ^= true;
                }
            }
        }
        return inside;
    }
}
