package dev.freecp.report.explain;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.freecp.Browser;
import dev.freecp.purify.WindowReport;
import dev.freecp.report.Fate;
import dev.freecp.segment.Background;
import dev.freecp.segment.Device;
import dev.freecp.segment.Segmentation;
import dev.freecp.segment.Segmenter;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.openqa.selenium.Keys;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.interactions.Actions;

/** The page in a real browser, opened as a file. */
class ExplainBrowserTest {

    private static final String VISIBLE_CARDS = "return [...document.querySelectorAll('#cards > *')].filter(card => card.offsetHeight > 0).length";

    @TempDir
    private static Path folder;

    private static Explanation explanation;
    private static Browser browser;

    @BeforeAll
    static void write() throws Exception {
        browser = Browser.open(folder.resolve("profile"));
        try (Segmenter segmenter = Segmenter.open(Scene.MODEL, Device.choose("cpu")); OutputStream out = Files.newOutputStream(folder.resolve("page.html"))) {
            explanation = Scene.explain(segmenter, Scene.SETTINGS, Scene.picture(31), Scene.words(segmenter, Scene.CLASSES, new Background.None()));
            ExplainPage.write(out, explanation);
        }
    }

    @AfterAll
    static void close() {
        if (browser != null) browser.close();
    }

    @BeforeEach
    void load() {
        browser.screen(1280, 900, false);
        browser.driver().get(folder.resolve("page.html").toUri().toString());
        browser.await(() -> browser.texts("#settings-body dl").findAny().isPresent());      // the last part that is drawn
    }

    @AfterEach
    void nothingIsWrittenToTheConsole() {
        assertEquals(List.of(), browser.console());
    }

    @Test
    void thePointerShowsClassAndConfidence() {
        WebElement viewer = at("#viewer .layered");
        Segmentation result = explanation.result();
        for (int[] offset : new int[][] {{0, 0}, {-90, 40}, {120, -100}}) {
            new Actions(browser.driver()).moveToElement(viewer, offset[0], offset[1]).perform();
            int y = pixel(offset[1], viewer.getSize().height, result.labels().height()), x = pixel(offset[0], viewer.getSize().width, result.labels().width());
            int i = y * result.labels().width() + x;
            String name = result.vocabulary().labelNames().get(result.labels().labels()[i]), shown = browser.find("#pointed").getText();
            assertTrue(shown.startsWith(name + ", confidence "), shown + " where " + name + " is");
            assertEquals(result.confidence()[i], Float.parseFloat(shown.substring(shown.lastIndexOf(' '))), 0.008f);
            assertEquals(shown, browser.find("#tip").getText());
        }
    }

    /** An element, brought to the middle of the screen. */
    private static WebElement at(String css) {
        WebElement element = browser.find(css);
        browser.run("arguments[0].scrollIntoView({ block: 'center' })", element);
        return element;
    }

    private static int pixel(int offset, int shown, int pixels) {
        return (int) ((shown / 2 + offset + 0.5) / shown * pixels);
    }

    @Test
    void theArrowKeysShowThemToo() {
        WebElement viewer = at("#viewer .layered");
        viewer.sendKeys(Keys.ARROW_LEFT);
        String before = browser.find("#pointed").getText();
        for (int i = 0; i < 25; i++) viewer.sendKeys(Keys.ARROW_RIGHT);
        assertTrue(before.contains(", confidence "), before);
        assertNotEquals(before, browser.find("#pointed").getText());
    }

    /** The page has square roots of affinities in 64 shades, so the cell that it names may be a little weaker than the strongest. */
    @Test
    void aClickHoldsTheAffinityOfACell() {
        WebElement window = at("#affinity-body .layered");
        int h = explanation.grid().height(), w = explanation.grid().width(), row = 3, column = 10;
        double height = (double) window.getSize().height / h, width = (double) window.getSize().width / w;
        new Actions(browser.driver()).moveToElement(window, (int) ((column + 0.5 - w / 2.0) * width), (int) ((row + 0.5 - h / 2.0) * height)).click().perform();
        String status = browser.find("#affinity-status").getText();
        Matcher told = Pattern.compile("Row 4, column 11: .+\\. Looks most at row (\\d+), column (\\d+); held, click again to let go\\.").matcher(status);
        assertTrue(told.matches(), status);
        float[] seen = Arrays.copyOfRange(explanation.affinity().get(firstWindowWithGroups()), (row * w + column) * h * w, (row * w + column + 1) * h * w);
        float most = 0;
        for (float value : seen) most = Math.max(most, value);
        assertEquals(1, Math.sqrt(seen[(Integer.parseInt(told.group(1)) - 1) * w + Integer.parseInt(told.group(2)) - 1] / most), 1 / 63.0);

        new Actions(browser.driver()).moveToElement(window, 0, 0).perform();
        assertEquals(status, browser.find("#affinity-status").getText());
        new Actions(browser.driver()).click().perform();
        assertNotEquals(status, browser.find("#affinity-status").getText());
    }

    /** Where the page begins. */
    private static int firstWindowWithGroups() {
        List<WindowReport> reports = explanation.result().reports();
        return IntStream.range(0, reports.size())
            .filter(w -> reports.get(w).groups() != null && reports.get(w).groups().stream().anyMatch(group -> group.words().length > 1)).findFirst().orElseThrow();
    }

    @Test
    void wordsAreFilteredByTheirFate() {
        Verdict verdict = new Verdict(explanation.result(), Scene.SETTINGS.purify());
        int words = explanation.maps().size(), windows = explanation.affinity().size();
        assertEquals((long) words, browser.run(VISIBLE_CARDS));
        for (Fate fate : Fate.values()) {
            browser.run("document.querySelector(`#words-filter input[value=${arguments[0]}]`).click()", fate.name().toLowerCase(Locale.ROOT));
            long met = IntStream.range(0, words).filter(word -> IntStream.range(0, windows).anyMatch(window -> verdict.fate(word, window) == fate)).count();
            assertEquals(met, browser.run(VISIBLE_CARDS), fate.name());
        }
    }

    @Test
    void aWindowIsChosenForAllParts() {
        browser.run("document.querySelector('#windows-picker input[value=\"3\"]').click()");
        assertEquals(List.of("3", "3", "3"), browser.run("return [...document.querySelectorAll('.windows :checked')].map(input => input.value)"));
        assertTrue(browser.texts("#windows-body figcaption").anyMatch(text -> text.startsWith("Window 4 alone.")));
    }

    @ParameterizedTest
    @CsvSource({"360, false", "360, true", "1280, true"})
    void fitsNarrowScreensLightAndDark(int width, boolean dark) {
        browser.screen(width, 800, dark);
        assertEquals((long) width, browser.run("return document.documentElement.scrollWidth"));
    }
}
