package dev.freecp.serve;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.freecp.Browser;
import dev.freecp.Golden;
import dev.freecp.cli.ServeRun;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.BooleanSupplier;
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

/** The page in a real browser. Its pictures in docs/ are written with {@code -Dfreecp.update=docs}. */
class PageTest {

    private static final Path SCENE = Golden.path("shapes/dataset/JPEGImages/scene_0027.jpg");
    private static final String CLASSES = "circle, disc\nsquare\ndiamond\nfish\ncross\nheart\nwood\nsky\ngrass\nwater";

    @TempDir
    private static Path profile;

    private static ServeRun server;
    private static Browser browser;

    @BeforeAll
    static void start() throws Exception {
        browser = Browser.open(profile);
        server = ServeRun.with("--tau-a", "0.8");
    }

    @AfterAll
    static void end() throws Exception {
        if (browser != null) browser.close();
        if (server != null) server.close();
    }

    @BeforeEach
    void load() {
        browser.screen(1280, 900, false);
        browser.driver().get(server.url());
        await(() -> !browser.find("#model").getText().isEmpty());
    }

    @AfterEach
    void nothingIsWrittenToTheConsole() {
        assertEquals(List.of(), browser.console());
    }

    @Test
    void aPictureWordsAndASliderChangeLabels() throws Exception {
        choose(SCENE);
        assertEquals(Set.of("circle", "heart", "moon", "water", "sand"), Set.copyOf(names("#found, #absent")));
        String before = labels();
        browser.find("#classes").sendKeys(Keys.chord(Keys.CONTROL, "a"), CLASSES);
        await(() -> names("#found").contains("fish"));
        assertNotEquals(before, labels());

        String kept = labels();
        double runs = server.metric("freecp_tower_runs_total");
        WebElement slider = browser.find("#tau_r");
        for (int i = 0; i < 9; i++) slider.sendKeys(Keys.PAGE_UP);
        await(() -> browser.texts("#absent .why").anyMatch(text -> text.contains("redundant")) && !labels().equals(kept));
        assertEquals(runs, server.metric("freecp_tower_runs_total"), "a slider needs no run of the tower");
    }

    @Test
    void aClassIsShownAloneAndTheOthersComeBack() {
        choose(SCENE);
        for (String pressed : List.of("true", "false")) {
            browser.find("#found button").click();
            assertEquals(pressed, browser.find("#found button").getDomAttribute("aria-pressed"));
        }
    }

    @Test
    void resultsAreHandedOutAsFiles() throws Exception {
        choose(SCENE);
        browser.find("#downloads button").click();
        Path file = Browser.downloads(profile).resolve("scene_0027.labels.png");
        await(() -> Files.exists(file));
        assertArrayEquals(server.post("v1/segment?format=labels", Files.readAllBytes(SCENE)).body(), Files.readAllBytes(file));
    }

    @Test
    void showsClassAndConfidenceUnderThePointerAndTheMark() {
        choose(SCENE);
        WebElement canvas = browser.find("#canvas");
        new Actions(browser.driver()).moveToElement(canvas).perform();
        await(() -> browser.find("#under-text").getText().matches(".+, confidence [01]\\.\\d\\d \\(x \\d+, y \\d+\\)"));
        String pointed = browser.find("#under-text").getText();
        browser.run("arguments[0].focus()", canvas);
        canvas.sendKeys(Keys.chord(Keys.SHIFT, Keys.ARROW_LEFT), Keys.ARROW_UP);
        await(() -> !browser.find("#under-text").getText().equals(pointed));
    }

    @Test
    void everyControlIsReachedByTheTabulatorAndShowsIt() {
        choose(SCENE);
        Set<String> wanted = new LinkedHashSet<>(controls()), reached = new LinkedHashSet<>();
        browser.run("document.activeElement.blur()");
        for (int i = 0; i < 2 * wanted.size(); i++) {
            new Actions(browser.driver()).sendKeys(Keys.TAB).perform();
            String focused = (String) browser.run("return document.activeElement === document.body ? '' : " + NAME.formatted("document.activeElement"));
            if (focused.isEmpty()) break;
            reached.add(focused);
            assertTrue((Boolean) browser.run("const e = document.activeElement, shown = e.type === 'file' ? e.parentElement : e;"
                + "return getComputedStyle(shown).outlineStyle !== 'none'"), focused + " does not show that it has the focus");
        }
        assertEquals(List.copyOf(wanted), List.copyOf(reached));
    }

    @Test
    void everyControlHasAName() {
        choose(SCENE);
        List<?> nameless = (List<?>) browser.run("return [...document.querySelectorAll('input, select, textarea, button, canvas')]"
            + ".filter(e => !(e.labels?.length || e.getAttribute('aria-label') || e.textContent.trim())).map(e => e.outerHTML)");
        assertEquals(List.of(), nameless);
    }

    @ParameterizedTest
    @CsvSource({"360, 740, false", "360, 740, true", "1280, 1000, true", "1280, 1000, false"})
    void fitsItsWindowLightAndDark(int width, int height, boolean dark) throws Exception {
        browser.screen(width, height, dark);
        choose(SCENE);
        browser.find("#classes").sendKeys(Keys.chord(Keys.CONTROL, "a"), CLASSES);
        await(() -> names("#found").contains("fish"));
        assertTrue((Boolean) browser.run("return document.documentElement.scrollWidth <= innerWidth"), "the page is wider than its window");
        long brightness = (Long) browser.run("return getComputedStyle(document.body).backgroundColor.match(/\\d+/g).map(Number).reduce((a, b) => a + b)");
        assertEquals(dark, brightness < 3 * 128);
        assertFalse(browser.find("#problem").isDisplayed());
        browser.run("document.activeElement.blur(); scrollTo(0, 0); document.getElementById('classes').scrollTop = 0");
        new Actions(browser.driver()).moveToElement(browser.find("#canvas"), -browser.find("#canvas").getSize().width / 4, 0).perform();
        await(() -> browser.find("#under-text").getText().contains("confidence"));
        if (dark == (width == 360)) picture(dark ? "serve-narrow-dark.webp" : "serve-light.webp");
    }

    @Test
    void whatIsWrongIsSaid() throws Exception {
        Path text = Files.writeString(profile.resolve("note.jpg"), "no picture");
        browser.find("#file").sendKeys(text.toString());
        await(() -> browser.find("#problem").isDisplayed());
        assertTrue(browser.find("#problem").getText().contains("not a picture that can be read"));
        assertNotedByTheBrowser("400");
    }

    @Test
    void aTokenIsAskedForWhereOneIsNeeded() throws Exception {
        try (ServeRun guarded = ServeRun.with("--token", "secret")) {
            browser.driver().get(guarded.url());
            await(() -> browser.find("#token").isDisplayed());
            browser.find("#token").sendKeys("secret", Keys.ENTER);
            await(() -> !browser.find("#model").getText().isEmpty());
            assertFalse(browser.find("#token").isDisplayed());
            choose(SCENE);
        }
        assertNotedByTheBrowser("401");
    }

    /** A browser writes every failed request to the console by itself. */
    private static void assertNotedByTheBrowser(String status) {
        for (String line : browser.console()) assertTrue(line.contains("responded with a status of " + status), line);
    }

    private static void picture(String name) throws Exception {
        boolean docs = System.getProperty("freecp.update", "").equals("docs");
        Path file = (docs ? Path.of(System.getProperty("freecp.root"), "docs") : profile).resolve(name);
        browser.screenshot(file);
        assertTrue(Files.size(file) < 150_000, file + " is too large for the docs");
    }

    private static void choose(Path picture) {
        browser.find("#file").sendKeys(picture.toString());
        await(() -> browser.find("#results").isDisplayed() && browser.find("#status").getText().contains("labels in"));
    }

    private static List<String> names(String lists) {
        return browser.texts(String.join(" .name, ", lists.split(", ")) + " .name").toList();
    }

    /** What is drawn, as the legend tells it. */
    private static String labels() {
        return String.join("; ", browser.texts("#found button").toList());
    }

    private static final String NAME = "(%1$s.id || %1$s.textContent.trim())";

    /** All that can be used now, in the order of the page. */
    private static List<String> controls() {
        List<String> names = new ArrayList<>();
        for (Object name : (List<?>) browser.run("return [...document.querySelectorAll('input, select, textarea, button, canvas, summary')]"
            + ".filter(e => e.checkVisibility() && !e.disabled).map(e => " + NAME.formatted("e") + ")")) names.add((String) name);
        return names;
    }

    private static void await(BooleanSupplier condition) {
        browser.await(condition);
    }
}
