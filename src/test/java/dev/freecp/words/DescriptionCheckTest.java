package dev.freecp.words;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.jr.ob.JSON;
import dev.freecp.Golden;
import dev.freecp.clip.Cleaning;
import dev.freecp.clip.Clip;
import dev.freecp.clip.Tokenizer;
import dev.freecp.ops.ScalarOps;
import dev.freecp.segment.Descriptions;
import dev.freecp.words.Finding.Kind;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** One seeded fault of each kind in an otherwise clean file is found, and nothing else. */
class DescriptionCheckTest {

    private static final DescriptionCheck THREE = new DescriptionCheck(3, 6, 40, 240, 0.8);

    @TempDir
    Path folder;

    @Test
    void aCleanFileHasNoFindings() throws IOException {
        assertEquals(List.of(), check(clean()).findings());
        assertEquals(6, check(clean()).sentences());
    }

    @Test
    void findsAWordWithoutSentences() throws IOException {
        Map<String, List<String>> file = clean();
        file.remove("dog");
        assertOnly(file, Kind.COVERAGE, "dog", 0);
    }

    @Test
    void findsAWordThatNobodyLooksUp() throws IOException {
        Map<String, List<String>> file = clean();
        file.put("cow", List.of("Large pale patches cover the broad brown flank.", "Two short horns curve above its wide wet nose.", "Herds of it stand knee-deep in green meadows."));
        assertOnly(file, Kind.UNUSED, "cow", 0);
    }

    @Test
    void findsAWrongCount() throws IOException {
        Map<String, List<String>> file = clean();
        file.put("cat", file.get("cat").subList(0, 2));
        assertOnly(file, Kind.COUNT, "cat", 0);
    }

    @Test
    void findsSentencesThatAreTooShortOrTooLong() throws IOException {
        assertOnly(with(1, "Cats have long whiskers."), Kind.LENGTH, "cat", 2);
        assertOnly(with(1, "Cats " + "do so ".repeat(20) + "it."), Kind.LENGTH, "cat", 2);
        assertOnly(with(1, "Extraordinarilylongwords".repeat(10) + " fill this one sentence up."), Kind.LENGTH, "cat", 2);
    }

    @Test
    void findsSentencesThatTheModelWouldCut() throws IOException {
        Map<String, List<String>> file = with(1, "Qzx wvk jqf zzq xkj vwq pfz hqx kvj wzz qjx fkv zqw xvj kqz.");
        try (ScalarOps ops = new ScalarOps(); Clip clip = Clip.open(Golden.path("shapes/model"), ops)) {
            Tokenizer tokenizer = clip.tokenizer(Cleaning.PLAIN);
            Map<String, List<String>> one = Map.of("cat", List.of(file.get("cat").get(1)));
            DescriptionCheck anyCount = new DescriptionCheck(0, 6, 40, 240, 0.8);
            assertEquals(List.of(Kind.LENGTH), anyCount.check(write(one), null, tokenizer).findings().stream().map(Finding::kind).toList());
            assertEquals(List.of(), anyCount.check(write(one), null, null).findings());
        }
    }

    @Test
    void findsOtherCharacters() throws IOException {
        assertOnly(with(1, "Whiskers fan out \u2013 white and stiff \u2013 beside its nose."), Kind.CHARACTERS, "cat", 2);
        assertOnly(with(1, "Whiskers fan out  white and stiff beside its nose."), Kind.CHARACTERS, "cat", 2);
    }

    @Test
    void findsAMissingFullStop() throws IOException {
        assertOnly(with(1, "Whiskers fan out white and stiff beside its nose"), Kind.STOP, "cat", 2);
    }

    @Test
    void findsTwoSentencesThatBeginAlike() throws IOException {
        assertOnly(with(1, "Soft striped fur on a round head with a short muzzle."), Kind.OPENING, "cat", 2);
    }

    @Test
    void findsOpinionsAndModelsTalkingOfThemselves() throws IOException {
        assertOnly(with(1, "Whiskers fan out in a beautiful arc beside its nose."), Kind.WORDING, "cat", 2);
        assertOnly(with(1, "As an AI language model one would say it has whiskers."), Kind.WORDING, "cat", 2);
    }

    @Test
    void findsTheSameSentenceUnderAnotherWord() throws IOException {
        Map<String, List<String>> file = clean();
        String sentence = file.get("cat").get(1);
        file.put("dog", List.of(file.get("dog").get(0), sentence, file.get("dog").get(2)));
        assertOnly(file, Kind.DUPLICATE, "dog", 2);
    }

    @Test
    void findsNearlyTheSameSentence() throws IOException {
        Map<String, List<String>> file = clean();
        file.put("dog", List.of(file.get("dog").get(0), "Stiff white whiskers fan out on both sides of the tiny nose.", file.get("dog").get(2)));
        assertOnly(file, Kind.NEAR_DUPLICATE, "dog", 2);
        assertEquals(1.0 / 6, check(file).nearRate(), 1e-9);
    }

    private static Map<String, List<String>> clean() {
        Map<String, List<String>> file = new LinkedHashMap<>();
        file.put("cat", List.of("Soft striped fur covers a cat from ears to tail.", "Stiff white whiskers fan out on both sides of the small nose.",
            "On window sills it lies curled up in a patch of sun."));
        file.put("dog", List.of("A leash often runs from the collar to a hand.", "Longer snout and hanging ears tell a dog from other pets.",
            "In parks it runs across grass with its tongue out."));
        return file;
    }

    private static Map<String, List<String>> with(int index, String sentence) {
        Map<String, List<String>> file = clean();
        List<String> cat = new ArrayList<>(file.get("cat"));
        cat.set(index, sentence);
        file.put("cat", cat);
        return file;
    }

    private void assertOnly(Map<String, List<String>> file, Kind kind, String word, int sentence) throws IOException {
        List<Finding> findings = check(file).findings();
        assertEquals(1, findings.size(), findings::toString);
        assertEquals(kind, findings.getFirst().kind(), findings::toString);
        assertEquals(word, findings.getFirst().word());
        assertEquals(sentence, findings.getFirst().sentence());
        assertTrue(findings.getFirst().toString().startsWith(word));
    }

    private DescriptionCheck.Report check(Map<String, List<String>> file) throws IOException {
        return THREE.check(write(file), List.of("cat", "dog"), null);
    }

    private Descriptions write(Map<String, List<String>> file) throws IOException {
        Path path = folder.resolve("words.json");
        JSON.std.write(file, path.toFile());
        return Descriptions.read(path);
    }
}
