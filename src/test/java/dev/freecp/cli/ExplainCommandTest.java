package dev.freecp.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.jr.ob.JSON;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ExplainCommandTest {

    @TempDir
    private Path folder;

    /** {@link Run#shapes} with explain in place of segment. */
    private Run explain(Path out, Object... more) {
        List<Object> arguments = new ArrayList<>(Arrays.asList(Run.shapes(out, more)));
        arguments.set(0, "explain");
        return Run.of(arguments.toArray());
    }

    @Test
    void writesAPageAndItsFacts() throws IOException {
        Path page = folder.resolve("new/why.html"), facts = folder.resolve("why.json");
        Run run = explain(page, Run.scene(1), "--json", facts);
        assertEquals(0, run.code(), run.err());
        assertTrue(Files.readString(page).startsWith("<!DOCTYPE html>"));
        Map<String, Object> json = JSON.std.mapFrom(Files.readAllBytes(facts));
        assertEquals(List.of("tool", "model", "device", "settings", "text", "picture", "labels", "classes", "windows", "seconds", "files", "grid", "words", "overlaps", "agreement", "layers"),
            List.copyOf(json.keySet()));
        assertEquals(Map.of("page", page.toString(), "report", facts.toString()), json.get("files"));
        assertTrue(run.out().startsWith(page + ": "), run.out());
        assertTrue(run.err().contains("sclip, released mode"), run.err());
    }

    @Test
    void theFactsAreOfTheSameRunAsTheReportOfSegment() throws IOException {
        assertEquals(0, explain(folder.resolve("p.html"), Run.scene(1), "--json", folder.resolve("p.json"), "--quiet").code());
        assertEquals(0, Run.of(Run.shapes(folder, Run.scene(1))).code());
        Map<String, Object> facts = JSON.std.mapFrom(Files.readAllBytes(folder.resolve("p.json"))), report = JSON.std.mapFrom(Files.readAllBytes(folder.resolve("scene_0001.json")));
        for (String key : List.of("settings", "picture", "labels", "classes", "windows")) assertEquals(report.get(key), facts.get(key), key);
    }

    @Test
    void refusesOtherEndingsBeforeAnythingIsLoaded() {
        Run page = explain(folder.resolve("page.htm"), Run.scene(1)), facts = explain(folder.resolve("p.html"), Run.scene(1), "--json", "facts.txt");
        assertEquals(List.of(2, 2), List.of(page.code(), facts.code()));
        assertEquals(List.of("freecp: --out writes to a file that ends in .html, not to " + folder.resolve("page.htm")), page.errorLines());
        assertEquals(List.of("freecp: --json writes to a file that ends in .json, not to facts.txt"), facts.errorLines());
    }

    @Test
    void leavesNothingWhereThePictureCannotBeRead() {
        Run run = explain(folder.resolve("new/p.html"), folder.resolve("none.jpg"));
        assertEquals(3, run.code());
        assertEquals(List.of(), Run.list(folder));
    }

    @Test
    void aFolderThatIsNotThereForTheFactsLeavesNoPage() {
        Run run = explain(folder.resolve("p.html"), Run.scene(1), "--json", folder.resolve("none/p.json"), "--quiet");
        assertEquals(3, run.code());
        assertEquals(1, run.errorLines().size(), run.err());
        assertTrue(run.err().contains(folder.resolve("none/p.json").toString()), run.err());
        assertEquals(List.of(), Run.list(folder));
    }
}
