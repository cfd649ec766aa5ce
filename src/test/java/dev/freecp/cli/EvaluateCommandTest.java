package dev.freecp.cli;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.jr.ob.JSON;
import dev.freecp.Golden;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code freecp evaluate} from outside, on the first shapes scenes with one template. */
class EvaluateCommandTest {

    @TempDir
    private Path folder;

    /** Arguments that evaluate {@code pictures} scenes. */
    static Object[] evaluate(int pictures, Object... more) {
        List<Object> arguments = new ArrayList<>(List.of("evaluate", "--root", Golden.path("shapes/dataset"), "--classes", Golden.path("shapes/classes_single.txt"), "--model", Run.MODEL,
            "--templates", "a photo of a {}.", "--resize", "2048,160", "--crop", "112", "--stride", "56", "--cache", "off", "--limit", pictures));
        arguments.addAll(List.of(more));
        return arguments.toArray();
    }

    private static Run succeed(Object... arguments) {
        Run run = Run.of(arguments);
        assertEquals(0, run.code(), run.err());
        return run;
    }

    static Map<String, Object> json(Path file) throws IOException {
        return JSON.std.mapFrom(Files.readAllBytes(file));
    }

    private Object confusion(String file, int pictures, Object... more) throws IOException {
        Path json = folder.resolve(file);
        List<Object> all = new ArrayList<>(List.of(more));
        all.addAll(List.of("--json", json));
        succeed(evaluate(pictures, all.toArray()));
        return json(json).get("confusion");
    }

    @Test
    void theDocumentHoldsScoresClassesConfusionAndSettings() throws IOException {
        Run run = succeed(evaluate(2, "--json", "-", "--quiet"));
        assertEquals("", run.err());
        Map<String, Object> json = JSON.std.mapFrom(run.out());
        for (String key : List.of("tool", "model", "device", "machine", "data", "data_sha256", "settings", "labels", "run", "miou", "miou_low", "miou_high", "macc", "aacc", "boundary_miou", "classes",
            "confused", "confusion", "pictures")) assertTrue(json.get(key) != null, key);
        assertEquals(20, ((List<?>) json.get("classes")).size());
        assertEquals(21, ((List<?>) json.get("confusion")).size());
        assertEquals(2, ((Map<?, ?>) json.get("pictures")).size());
    }

    @Test
    void shardsMergeToTheResultOfOneRun() throws IOException {
        confusion("whole.json", 5);
        List<Object> merge = new ArrayList<>(List.of("evaluate", "merge"));
        for (int i = 1; i <= 3; i++) {
            confusion("part" + i + ".json", 5, "--shard", i + "/3");
            merge.add(folder.resolve("part" + i + ".json"));
        }
        merge.addAll(List.of("--json", folder.resolve("merged.json"), "--out", folder.resolve("merged")));
        Run merged = succeed(merge.toArray());
        assertTrue(merged.out().startsWith("5 pictures of 3 parts"), merged.out());
        for (String key : List.of("confusion", "miou", "miou_low", "miou_high", "boundary_miou", "pictures", "data_sha256", "settings"))
            assertEquals(json(folder.resolve("whole.json")).get(key), json(folder.resolve("merged.json")).get(key), key);
        assertEquals(List.of("results.csv", "results.html", "results.json"), Run.list(folder.resolve("merged")));
        assertEquals(3, Run.of("evaluate", "merge", folder.resolve("part1.json"), folder.resolve("whole.json")).code());
    }

    @Test
    void anEarlierRunIsNotCountedAgain() throws IOException {
        Path out = folder.resolve("out");
        confusion("first.json", 2, "--out", out);
        Path json = folder.resolve("resumed.json");
        Run resumed = succeed(evaluate(4, "--out", out, "--json", json));
        assertTrue(resumed.err().contains("2 of 4 pictures are done already"), resumed.err());
        assertTrue(resumed.err().contains("2 pictures in "), resumed.err());
        assertEquals(confusion("fresh.json", 4), json(json).get("confusion"));
        assertEquals(List.of("journal.jsonl", "results.csv", "results.html", "results.json"), Run.list(out));
    }

    @Test
    void afterAPictureThatCannotBeReadTheSameCommandGoesOn() throws IOException {
        Path root = folder.resolve("copy"), picture = root.resolve("JPEGImages/scene_0003.jpg"), out = folder.resolve("out");
        for (String name : List.of("JPEGImages/scene_000%d.jpg", "SegmentationClass/scene_000%d.png")) {
            for (int i = 1; i <= 4; i++) {
                Path file = root.resolve(name.formatted(i));
                Files.createDirectories(file.getParent());
                Files.copy(Golden.path("shapes/dataset").resolve(name.formatted(i)), file);
            }
        }
        byte[] whole = Files.readAllBytes(picture);
        Files.write(picture, Arrays.copyOf(whole, 900));
        Object[] arguments = evaluate(4, "--out", out);
        arguments[2] = root;
        Run broken = Run.of(arguments);
        assertEquals(3, broken.code());
        assertTrue(broken.err().contains("2 of 4 pictures are in the journal; the same command goes on with the others"), broken.err());
        assertTrue(broken.errorLines().getLast().contains("scene_0003.jpg: this JPEG file is truncated"), broken.err());
        Files.write(picture, whole);
        assertTrue(succeed(arguments).err().contains("2 of 4 pictures are done already"));
        assertEquals(4, ((Map<?, ?>) json(out.resolve("results.json")).get("pictures")).size());
    }

    @Test
    void aJournalOfOtherSettingsIsRefusedInOneSentence() {
        Path out = folder.resolve("out");
        succeed(evaluate(1, "--out", out));
        Run other = Run.of(evaluate(1, "--out", out, "--tau-r", "0.2", "--quiet"));
        assertEquals(3, other.code());
        assertEquals(1, other.errorLines().size(), other.err());
        assertTrue(other.err().contains("other settings (settings.method.tau_r was 0.1 and is 0.2)"), other.err());
        Run reduced = Run.of(evaluate(1, "--out", out, "--reduce-zero-label", "--quiet"));
        assertTrue(reduced.err().contains("other settings (settings.data.reading.reduce_zero_label was false and is true)"), reduced.err());
    }

    @Test
    void aSweepHasAllRunsAndTheyCompare() throws IOException {
        Path json = folder.resolve("sweep.json");
        Run sweep = succeed(evaluate(3, "--sweep", "methods,tau-r=0.1:0.2", "--json", json));
        assertTrue(sweep.err().contains("gem is left out: it needs a vision tower of at least 7 blocks, this one has 6"), sweep.err());
        assertEquals(8, ((List<?>) json(json).get("runs")).size());
        assertEquals(8, sweep.out().lines().count());
        Run compared = succeed("evaluate", "compare", json, json, "--first", "maskclip refine,rp,ap tau-r 0.1", "--second", "sclip refine,rp,ap tau-r 0.1");
        assertTrue(compared.out().contains("of 3 pictures ["), compared.out());
        Run same = succeed("evaluate", "compare", json, json, "--first", "sclip refine,rp,ap tau-r 0.1", "--second", "sclip refine,rp,ap tau-r 0.1", "--json");
        assertEquals(1.0, ((Number) JSON.std.mapFrom(same.out()).get("wilcoxon_p")).doubleValue());
        Run unnamed = Run.of("evaluate", "compare", json, json);
        assertEquals(2, unnamed.code());
        assertTrue(unnamed.err().contains("there are several runs; name one of: vanilla refine,rp,ap tau-r 0.1;"), unnamed.err());
    }

    @Test
    @SuppressWarnings("unchecked")
    void absentWordsTakePixelsThatCountAsWrong() throws IOException {
        Path out = folder.resolve("out");
        Run run = succeed(evaluate(2, "--distractors", "0,30", "--out", out));
        assertEquals(4, run.out().lines().count());
        assertTrue(Files.readString(out.resolve("absent_words.svg")).contains("sclip none"));
        assertTrue(Files.readString(out.resolve("results.html")).contains("words that are in no picture"));
        List<Map<String, Object>> runs = (List<Map<String, Object>>) json(out.resolve("results.json")).get("runs");
        assertEquals(List.of("sclip none +0 words", "sclip none +30 words", "sclip refine,rp,ap +0 words", "sclip refine,rp,ap +30 words"), runs.stream().map(each -> each.get("run")).toList());
        assertEquals(0, absentPixels(runs.get(0)));
        assertTrue(absentPixels(runs.get(1)) > 0);
        assertEquals(pixels(runs.get(0)), pixels(runs.get(1)));
        Object alone = confusion("alone.json", 2, "--steps", "none");
        assertEquals(alone, runs.get(0).get("confusion"));
    }

    @SuppressWarnings("unchecked")
    private static long absentPixels(Map<String, Object> run) {
        return ((List<List<Number>>) run.get("confusion")).stream().mapToLong(row -> row.getLast().longValue()).sum();
    }

    @SuppressWarnings("unchecked")
    private static long pixels(Map<String, Object> run) {
        return ((List<List<Number>>) run.get("confusion")).stream().flatMap(List::stream).mapToLong(Number::longValue).sum();
    }

    @Test
    void classesMayHaveOtherNames() throws IOException {
        Path names = Files.writeString(folder.resolve("names.json"), "{\"ring\": [\"donut\"], \"grass\": [\"lawn\"]}");
        Run run = succeed(evaluate(1, "--rename", names, "--json", folder.resolve("renamed.json")));
        assertTrue(run.err().contains("2 of 20 words, such as ring to donut"), run.err());
        Map<String, Object> json = json(folder.resolve("renamed.json"));
        assertTrue(((List<?>) json.get("labels")).contains("ring"), "labels keep the data set's names");
        assertTrue(json.get("settings").toString().contains("donut"));
    }

    @Test
    void saysWhatIsWrongBeforeAnythingIsLoaded() {
        assertAll(
            () -> refuses(2, "missing required option: '--model=DIR'", "evaluate", "--root", folder),
            () -> refuses(2, "--root is missing", "evaluate", "--model", Run.MODEL, "--classes", "a; b"),
            () -> refuses(2, "is no shard such as 2/4", evaluate(1, "--shard", "5")),
            () -> refuses(2, "'9' is no grid of thresholds from 0 to 1", evaluate(1, "--sweep", "tau-r=9")),
            () -> refuses(3, "classes_single.txt: wanted the folder of a data set, this is a file", "evaluate", "--model", Run.MODEL, "--classes", "a; b", "--root",
                Golden.path("shapes/classes_single.txt")),
            () -> refuses(2, "there is no sweep over 'method'", evaluate(1, "--sweep", "method")),
            () -> refuses(2, "shard 2/2 of 1 pictures is empty", evaluate(1, "--shard", "2/2")),
            () -> refuses(2, "--limit must be at least 1", evaluate(0)),
            () -> refuses(2, "--json writes to a file that ends in .json", evaluate(1, "--json", "x.txt")),
            () -> refuses(2, "--sweep text needs --descriptions", evaluate(1, "--sweep", "text")),
            () -> refuses(3, "other.json: must be a JSON object", evaluate(1, "--rename", Files.writeString(folder.resolve("other.json"), "[]"))),
            () -> refuses(2, "--rename: no class has another name in", evaluate(1, "--rename", Files.writeString(folder.resolve("none.json"), "{}"))));
    }

    private static void refuses(int code, String message, Object... arguments) {
        Run run = Run.of(arguments);
        assertEquals(code, run.code(), run.err());
        assertTrue(run.err().contains(message), run.err());
        assertFalse(run.err().contains("bug"), run.err());
    }
}
