package dev.freecp.bench.study;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.freecp.clip.PromptTemplates;
import dev.freecp.error.UsageException;
import dev.freecp.image.Picture;
import dev.freecp.purify.WindowReport;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class FiguresTest {

    private static final Path PAGE = Path.of(System.getProperty("freecp.root"), "docs/study");
    private static final long MOST_BYTES = 1_500_000;

    private static Subject subject;

    /** One template instead of 80: the same picture, in a twentieth of the time. */
    @BeforeAll
    static void run() {
        subject = Figures.shapes(Path.of(System.getProperty("freecp.testdata"), "shapes"), PromptTemplates.single("a photo of a {}."));
    }

    @AfterAll
    static void close() {
        subject.close();
    }

    static List<String> names() {
        return Figures.names();
    }

    @ParameterizedTest
    @MethodSource("names")
    void everyProgramDrawsSomething(String name) {
        Picture figure = Figures.ALL.get(names().indexOf(name)).draw(subject);
        Set<Integer> colors = new TreeSet<>();
        for (int y = 0; y < figure.height(); y++) for (int x = 0; x < figure.width(); x++) colors.add(figure.rgb(y, x));
        assertTrue(colors.size() > 5, name + ": " + colors.size() + " colours");
        assertEquals(name, figure.name());
    }

    @Test
    void thePageShowsEveryFigureAndIsSmall() throws IOException {
        String page = Files.readString(PAGE.resolve("README.md"));
        for (String name : names()) assertTrue(page.contains("](" + name + ".png)") && page.contains("`$figures " + name + "`"), name);
        try (Stream<Path> files = Files.list(PAGE)) {
            List<Path> pictures = files.filter(file -> file.toString().endsWith(".png")).toList();
            Set<String> there = pictures.stream().map(file -> file.getFileName().toString().replace(".png", "")).collect(Collectors.toSet());
            assertEquals(Set.copyOf(names()), there);
            long bytes = 0;
            for (Path picture : pictures) bytes += Files.size(picture);
            assertTrue(bytes < MOST_BYTES, bytes + " bytes");
        }
    }

    @Test
    void refusesFiguresThatAreNotThere() {
        assertThrows(UsageException.class, () -> Figures.main(new String[0]));
        String said = assertThrows(UsageException.class, () -> Figures.main(new String[] {PAGE.toString(), "hearts"})).getMessage();
        assertTrue(said.startsWith("hearts: figures are [windows, "), said);
    }

    /** What the page tells of this scene: two words claim the water, and the closer look decides for water. */
    @Test
    void theSceneHasWhatThePageTells() {
        WindowReport report = subject.result().reports().get(subject.window());
        assertEquals(List.of("square", "drop", "water", "sand"), words(report.redundancyKept()));
        assertEquals(List.of("square", "water", "sand"), words(report.kept()));
    }

    private static List<String> words(int[] words) {
        return Arrays.stream(words).mapToObj(subject::word).toList();
    }

    /** T T x of boxes that were cut by hand is the engine's refined map. */
    @Test
    void theStepsOfRefinementAreTheEngines() {
        Rows transition = subject.ofWindow("trans"), stretched = subject.ofWindow("cam"), refined = subject.ofWindow("refined_raw");
        for (int word = 0; word < refined.count(); word++) {
            float[] boxed = RefinementSteps.boxed(stretched.row(word), subject.gridHeight(), subject.gridWidth());
            assertArrayEquals(refined.row(word), TokenAffinity.apply(transition, TokenAffinity.apply(transition, boxed)), 1e-5f, subject.word(word));
        }
    }

    @Test
    void headsLookNeitherAtOneTokenNorAtAll() {
        double[][] entropies = AttentionEntropy.of(subject);
        assertEquals(6, entropies.length);
        for (double[] heads : entropies) for (double entropy : heads) assertTrue(entropy > 0.3 && entropy < 1, Arrays.toString(heads));
    }

    /** The first of two heads sees nothing in its queries, the second one's point at one key each. */
    @Test
    void entropyIsOneForAllAlikeAndZeroForOneKey() {
        double[][] q = {{0, 100, 0, 0}, {0, 0, 0, 0}}, k = {{1, 0, 3, 0}, {1, 0, 0, 3}};
        assertArrayEquals(new double[] {1, 1}, AttentionEntropy.entropies(q, k, 2), 1e-12);
        double[][] pointed = {{0, 0, 100, 0}, {0, 0, 0, 100}};
        assertArrayEquals(new double[] {1, 0}, AttentionEntropy.entropies(pointed, k, 2), 1e-12);
    }

    /** A cloud that is long in one direction, shorter in a second, and flat in the others. */
    @Test
    void componentsFollowTheLongestDirections() {
        Random random = new Random(5);
        double[][] cloud = IntStream.range(0, 200).mapToObj(_ -> {
            double far = 10 * random.nextGaussian(), near = 2 * random.nextGaussian();
            return new double[] {3 + far, -far, 7 + near, 0, 1};
        }).toArray(double[][]::new);
        Components found = Components.of(cloud);
        for (int i = 0; i < cloud.length; i++)
            assertEquals(Math.abs(Math.sqrt(2) * (cloud[i][0] - cloud[0][0])), Math.abs(found.points()[i][0] - found.points()[0][0]), 0.3, "point " + i);
        assertTrue(found.share()[0] > 0.95 && found.share()[1] < 0.05 && found.share()[2] < 1e-6, Arrays.toString(found.share()));
    }

    @Test
    void clustersAreCloudsAndWhatLiesBetweenIsNone() {
        Random random = new Random(6);
        double[][] points = IntStream.range(0, 41).mapToObj(i -> i == 40 ? new double[] {50, 50}
            : new double[] {(i < 20 ? 0 : 100) + random.nextGaussian(), random.nextGaussian()}).toArray(double[][]::new);
        int[] groups = FeatureClusters.groups(points);
        assertEquals(-1, groups[40]);
        assertEquals(Set.of(groups[0]), Arrays.stream(groups, 0, 20).filter(group -> group >= 0).boxed().collect(Collectors.toSet()));
        assertNotEquals(groups[0], groups[20]);
    }
}
