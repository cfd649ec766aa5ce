package dev.freecp.report.explain;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.jr.ob.JSON;
import dev.freecp.image.Picture;
import dev.freecp.image.ResizeRule;
import dev.freecp.purify.Step;
import dev.freecp.segment.Background;
import dev.freecp.segment.Device;
import dev.freecp.segment.SegmentSettings;
import dev.freecp.segment.Segmenter;
import dev.freecp.segment.Vocabulary;
import dev.freecp.segment.WordFeatures;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.zip.InflaterInputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The page's text; that it works in a browser is another test's. */
class ExplainPageTest {

    private static final String HOSTILE = "</script><b onclick=alert(1)>&<!--";
    private static final int MOST_BYTES = 5_000_000;

    private static Segmenter segmenter;
    private static Explanation explanation;
    private static String page;

    @BeforeAll
    static void write() throws IOException {
        segmenter = Segmenter.open(Scene.MODEL, Device.choose("cpu"));
        Picture scene = Scene.picture(27);
        explanation = Scene.explain(segmenter, Scene.SETTINGS, new Picture(HOSTILE, scene.pixels()), Scene.words(segmenter, HOSTILE + "; wood; sky; circle", new Background.None()));
        page = page(explanation);
    }

    @AfterAll
    static void close() {
        segmenter.close();
    }

    @Test
    void asksTheNetworkForNothing() {
        assertFalse(Pattern.compile("https?:|//cdn|@import|url\\(", Pattern.CASE_INSENSITIVE).matcher(page).find());
        Matcher links = Pattern.compile("(?:src|href)\\s*=\\s*\"([^\"]*)\"").matcher(page);
        while (links.find()) assertTrue(links.group(1).startsWith("#"), links.group());
        assertTrue(page.contains("content=\"default-src 'none'; img-src data:; style-src 'unsafe-inline'; script-src 'unsafe-inline'\""));
    }

    @Test
    void namesAreNeverMarkup() throws IOException {
        assertFalse(page.contains("<b "));
        assertFalse(page.contains("<!--"));
        assertEquals(3, page.split("</script>", -1).length - 1);
        assertEquals(HOSTILE, ((List<?>) JSON.std.mapFrom(data("facts")).get("labels")).getFirst());
        assertTrue(page.contains("<title>&lt;/script&gt;&lt;b onclick=alert(1)&gt;&amp;&lt;!-- explained</title>"));
    }

    @Test
    void holdsTheFactsThatTheJsonHas() throws IOException {
        assertEquals(JSON.std.mapFrom(JSON.std.with(JSON.Feature.WRITE_NULL_PROPERTIES).asString(ExplainJson.of(explanation, Map.of()))), JSON.std.mapFrom(data("facts")));
    }

    @Test
    void holdsTheLabelsOfThePicture() throws IOException {
        byte[] bytes = inflate((String) JSON.std.mapFrom(data("pixels")).get("labels"));
        assertArrayEquals(explanation.result().labels().labels(), IntStream.range(0, bytes.length / 2).map(i -> bytes[2 * i] & 0xff | (bytes[2 * i + 1] & 0xff) << 8).toArray());
    }

    @Test
    void holdsTheAffinityOfEveryCell() throws IOException {
        Map<?, ?> affinity = (Map<?, ?>) JSON.std.mapFrom(data("pixels")).get("affinity");
        byte[] bytes = inflate((String) affinity.get("data"));
        int n = explanation.grid().height() * explanation.grid().width(), window = 4, cell = 37;
        assertEquals(1, affinity.get("step"));
        assertEquals(explanation.affinity().size() * n * n, bytes.length);
        float[] row = Arrays.copyOfRange(explanation.affinity().get(window), cell * n, (cell + 1) * n);
        float max = 0;
        for (float value : row) max = Math.max(max, value);
        for (int i = 0; i < n; i++) assertEquals(255 * Math.sqrt(row[i] / max), bytes[(window * n + cell) * n + i] & 0xff, 255 / 63.0 / 2 + 0.51);
    }

    @Test
    void theSamePictureGivesTheSamePage() throws IOException {
        assertEquals(page, page(explanation));
    }

    /** As many windows, cells and words as PASCAL Context has; noise, which no compression makes small, and nothing removed, so that all overlaps are there. */
    @Test
    void aPictureOf500By375With59ClassesStaysUnderFiveMegabytes() throws IOException {
        byte[] noise = new byte[3 * 375 * 500];
        new Random(1).nextBytes(noise);
        Picture picture = Picture.of("noise", 375, 500, noise);
        WordFeatures words = Scene.words(segmenter, Vocabulary.parse(IntStream.range(0, 59).mapToObj("thing %d"::formatted).collect(Collectors.joining("; ")), new Background.None()));
        SegmentSettings settings = Scene.SETTINGS.withWindows(new ResizeRule(1024, 224), 192, 56);
        Explanation large = Scene.explain(segmenter, settings.with(settings.purify().withSteps(Step.parse("refine,ap"))), picture, words);
        assertEquals(6, large.affinity().size());
        assertEquals(576 * 576, large.affinity().getFirst().length);
        int bytes = page(large).getBytes(StandardCharsets.UTF_8).length;
        assertTrue(bytes < MOST_BYTES, bytes + " bytes");
    }

    /** Many windows leave fewer cells to choose; a large picture is shown smaller, and its labels with it. */
    @Test
    void largePicturesDoNotMakeLargePages() throws IOException {
        Picture wide = Picture.of("wide", 300, 2100, new byte[3 * 300 * 2100]);
        Explanation large = Scene.explain(segmenter, Scene.SETTINGS.withWindows(new ResizeRule(4096, 150), 144, 20), wide, Scene.words(segmenter, "wood; sky", new Background.None()));
        Map<String, Object> pixels = PagePixels.of(large);
        assertEquals(1024, pixels.get("width"));
        assertEquals(146, pixels.get("height"));
        assertEquals(2 * 1024 * 146, inflate((String) pixels.get("labels")).length);
        int step = (int) ((Map<?, ?>) pixels.get("affinity")).get("step"), cells = Math.ceilDiv(18, step) * Math.ceilDiv(18, step);
        assertTrue(step > 1);
        assertEquals(large.affinity().size() * cells * 18 * 18, inflate((String) ((Map<?, ?>) pixels.get("affinity")).get("data")).length);
    }

    private static String page(Explanation explanation) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ExplainPage.write(out, explanation);
        return out.toString(StandardCharsets.UTF_8);
    }

    /** What stands in a script element. */
    private static String data(String id) {
        Matcher element = Pattern.compile("id=\"" + id + "\">(.*?)</script>", Pattern.DOTALL).matcher(page);
        assertTrue(element.find());
        return element.group(1);
    }

    private static byte[] inflate(String text) throws IOException {
        return new InflaterInputStream(new ByteArrayInputStream(Base64.getDecoder().decode(text))).readAllBytes();
    }
}
