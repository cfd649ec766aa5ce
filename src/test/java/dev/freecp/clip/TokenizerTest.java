package dev.freecp.clip;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.jr.ob.JSON;

import dev.freecp.error.InputException;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;

import org.junit.jupiter.api.Test;

class TokenizerTest {

    private static final Path GOLDEN = Path.of(System.getProperty("freecp.testdata"), "golden");
    private static final int START = 930;
    private static final int END = 931;

    @Test
    void givesTheIdsOfTheOriginalTokenizer() throws IOException {
        Tokenizer tokenizer = tokenizer(77, Cleaning.FTFY);
        for (Map<String, Object> golden : goldens()) {
            assertArrayEquals(ids(golden.get("ids")), tokenizer.encode((String) golden.get("text")), () -> "text " + golden.get("text"));
        }
    }

    @Test
    void givesTheIdsOfTransformersWithPlainCleaning() throws IOException {
        Tokenizer tokenizer = tokenizer(77, Cleaning.PLAIN);
        for (Map<String, Object> golden : goldens()) {
            Object wanted = golden.getOrDefault("ids_transformers", golden.get("ids"));
            assertArrayEquals(ids(wanted), tokenizer.encode((String) golden.get("text")), () -> "text " + golden.get("text"));
        }
    }

    @Test
    void goldensHoldTextsWhoseCleaningMatters() throws IOException {
        assertEquals(187, goldens().size());
        assertEquals(12, goldens().stream().filter(golden -> golden.containsKey("ids_transformers")).count());
    }

    @Test
    void cutsToTheContextAndSaysSo() {
        Tokenizer tokenizer = tokenizer(8, Cleaning.FTFY);
        Tokens fits = tokenizer.tokenize("a photo of a cat .");
        assertEquals(8, fits.ids().length);
        assertFalse(fits.cut());
        Tokens cut = tokenizer.tokenize("a photo of a cat . .");
        assertTrue(cut.cut());
        assertArrayEquals(fits.ids(), cut.ids());
    }

    @Test
    void cutsInsideOfAPiece() {
        Tokens cut = tokenizer(5, Cleaning.FTFY).tokenize("日本語");
        assertTrue(cut.cut());
        assertEquals(5, cut.ids().length);
        assertEquals(END, cut.ids()[4]);
    }

    @Test
    void readsSpecialTokensInsideOfAText() {
        Tokenizer tokenizer = tokenizer(77, Cleaning.FTFY);
        int a = tokenizer.encode("a")[1];
        assertArrayEquals(new int[] {START, a, END, a, START, END}, tokenizer.encode("a <|endoftext|>A <|StartOfText|>"));
    }

    @Test
    void splitsContractionsAndSingleDigits() {
        Tokenizer tokenizer = tokenizer(77, Cleaning.PLAIN);
        assertArrayEquals(tokenizer.encode("cat 's"), tokenizer.encode("CAT'S"));
        assertArrayEquals(tokenizer.encode("1 2 3"), tokenizer.encode("123"));
    }

    @Test
    void agreesWithPlainRescanningOnRandomMerges() {
        Random random = new Random(5);
        for (int round = 0; round < 300; round++) {
            List<int[]> merges = new ArrayList<>();
            BytePairMerger merger = new BytePairMerger();
            int symbols = 3 + random.nextInt(3);
            for (int i = 0; i < 12; i++) {
                // joined symbols may be old ones, so that merges can bring forth pairs of an earlier rank
                int[] merge = {random.nextInt(symbols), random.nextInt(symbols), random.nextInt(symbols + 1)};
                symbols = Math.max(symbols, merge[2] + 1);
                if (merges.stream().noneMatch(m -> m[0] == merge[0] && m[1] == merge[1])) {
                    merges.add(merge);
                    merger.add(merge[0], merge[1], merge[2]);
                }
            }
            int[] piece = random.ints(1 + random.nextInt(30), 0, symbols).toArray();
            assertArrayEquals(rescan(piece, merges), merger.merge(piece));
        }
    }

    @Test
    void takesOneVeryLongPiece() {
        Tokens tokens = tokenizer(77, Cleaning.PLAIN).tokenize("ab".repeat(200_000));
        assertEquals(77, tokens.ids().length);
    }

    @Test
    void isSafeForManyThreads() {
        Tokenizer tokenizer = tokenizer(77, Cleaning.FTFY);
        Tokenizer single = tokenizer(77, Cleaning.FTFY);
        List<String> texts = IntStream.range(0, 2000).mapToObj(i -> "word" + i % 50 + " " + Integer.toString(i, 36)).toList();
        List<int[]> many = texts.parallelStream().map(tokenizer::encode).toList();
        for (int i = 0; i < texts.size(); i++) {
            assertArrayEquals(single.encode(texts.get(i)), many.get(i));
        }
    }

    @Test
    void refusesAVocabularyThatLacksSymbols() {
        for (String needed : List.of("<|startoftext|>", "<|endoftext|>", "Ā", "a</w>", "ra")) {
            Map<String, Integer> vocabulary = new HashMap<>(vocabulary());
            vocabulary.remove(needed);
            InputException e = assertThrows(InputException.class, () -> new Tokenizer(vocabulary, merges(), 77, Cleaning.FTFY));
            assertTrue(e.getMessage().contains("'" + needed + "'"), e.getMessage());
        }
    }

    @Test
    void refusesBrokenMerges() {
        assertThrows(InputException.class, () -> new Tokenizer(vocabulary(), List.of("r a x"), 77, Cleaning.FTFY));
        assertThrows(InputException.class, () -> new Tokenizer(vocabulary(), List.of(), 1, Cleaning.FTFY));
    }

    /** The original's loop: find the earliest merge among all neighbours, join its occurrences from left to right, start again. */
    private static int[] rescan(int[] piece, List<int[]> merges) {
        List<Integer> symbols = new ArrayList<>(IntStream.of(piece).boxed().toList());
        while (true) {
            int[] first = merges.stream().filter(m -> occurs(symbols, m)).findFirst().orElse(null);
            if (first == null) {
                return symbols.stream().mapToInt(Integer::intValue).toArray();
            }
            List<Integer> joined = new ArrayList<>();
            for (int i = 0; i < symbols.size(); i++) {
                boolean here = i + 1 < symbols.size() && symbols.get(i) == first[0] && symbols.get(i + 1) == first[1];
                joined.add(here ? first[2] : symbols.get(i));
                i += here ? 1 : 0;
            }
            symbols.clear();
            symbols.addAll(joined);
        }
    }

    private static boolean occurs(List<Integer> symbols, int[] merge) {
        return IntStream.range(0, symbols.size() - 1).anyMatch(i -> symbols.get(i) == merge[0] && symbols.get(i + 1) == merge[1]);
    }

    private static Tokenizer tokenizer(int contextLength, Cleaning cleaning) {
        return new Tokenizer(vocabulary(), merges(), contextLength, cleaning);
    }

    private static Map<String, Integer> vocabulary() {
        try {
            return JSON.std.mapOfFrom(Integer.class, GOLDEN.resolve("models/b16/vocab.json").toFile());
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static List<String> merges() {
        try (var lines = Files.lines(GOLDEN.resolve("models/b16/merges.txt"))) {
            return lines.skip(1).toList();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @SuppressWarnings("unchecked")
    private static List<Map<String, Object>> goldens() throws IOException {
        return (List<Map<String, Object>>) (List<?>) JSON.std.listFrom(GOLDEN.resolve("units/tokens.json").toFile());
    }

    private static int[] ids(Object list) {
        return ((List<?>) list).stream().mapToInt(id -> (Integer) id).toArray();
    }
}
