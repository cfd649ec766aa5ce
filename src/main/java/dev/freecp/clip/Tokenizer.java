package dev.freecp.clip;

import dev.freecp.error.InputException;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/**
 * Byte-level BPE of CLIP (specification, section 4): clean, split into words, numbers and signs, write each piece's UTF-8 bytes as printable
 * stand-ins with the last one marked {@code </w>}, merge by rank. Safe for many threads.
 */
public final class Tokenizer {

    private static final String START = "<|startoftext|>";
    private static final String END = "<|endoftext|>";
    private static final String END_OF_WORD = "</w>";

    private static final Pattern PIECES = Pattern.compile(
        "<\\|startoftext\\|>|<\\|endoftext\\|>|'s|'t|'re|'ve|'m|'ll|'d|\\p{L}+|\\p{N}|[^\\p{IsWhite_Space}\\p{L}\\p{N}]+",
        Pattern.CASE_INSENSITIVE | Pattern.UNICODE_CASE);

    /** Class names and templates have few different pieces; the bounds keep a server's memory from growing with its requests. */
    private static final int CACHED_PIECES = 8192;
    private static final int CACHED_PIECE_LENGTH = 64;

    private final int contextLength;
    private final Cleaning cleaning;
    private final int start;
    private final int end;
    private final int[] inner;
    private final int[] last;
    private final BytePairMerger merger = new BytePairMerger();
    private final Map<String, int[]> cache = new ConcurrentHashMap<>();

    /**
     * @param vocabulary    token to id, as in vocab.json
     * @param merges        pairs "left right" in the order of their ranks, as in merges.txt without its first line
     * @param contextLength positions of the text tower, 77 in OpenAI's models
     * @throws InputException if the vocabulary lacks a byte, a merge's symbols, or the start or end token
     */
    public Tokenizer(Map<String, Integer> vocabulary, List<String> merges, int contextLength, Cleaning cleaning) {
        if (contextLength < 2) {
            throw new InputException("tokenizer: a context of " + contextLength + " tokens has no room for start and end; at least 2 are needed");
        }
        this.contextLength = contextLength;
        this.cleaning = cleaning;
        start = id(vocabulary, START, "the start of every text");
        end = id(vocabulary, END, "the end of every text");
        inner = IntStream.range(0, 256).map(b -> id(vocabulary, standIn(b), "byte " + b)).toArray();
        last = IntStream.range(0, 256).map(b -> id(vocabulary, standIn(b) + END_OF_WORD, "byte " + b + " at the end of a word")).toArray();
        for (String merge : merges) {
            String[] pair = merge.split(" ", -1);
            if (pair.length != 2) {
                throw new InputException("tokenizer: merge '" + merge + "' must be two symbols with one space between them");
            }
            String use = "merge '" + merge + "'";
            merger.add(id(vocabulary, pair[0], use), id(vocabulary, pair[1], use), id(vocabulary, pair[0] + pair[1], use));
        }
    }

    /** Ids of a text with start and end; cut to the context length, the last id then replaced by the end token. */
    public int[] encode(String text) {
        return tokenize(text).ids();
    }

    /** As {@link #encode}, and whether the text was cut. */
    public Tokens tokenize(String text) {
        IntStream.Builder all = IntStream.builder();
        all.add(start);
        int count = 1;
        boolean cut = false;
        Matcher pieces = PIECES.matcher(cleaning.apply(text));
        while (!cut && pieces.find()) {
            for (int id : encodePiece(pieces.group())) {
                if (count == contextLength - 1) {
                    cut = true;
                    break;
                }
                all.add(id);
                count++;
            }
        }
        return new Tokens(all.add(end).build().toArray(), cut);
    }

    /** Most ids that {@link #encode} returns. */
    public int contextLength() {
        return contextLength;
    }

    /** How texts are cleaned. */
    public Cleaning cleaning() {
        return cleaning;
    }

    private int[] encodePiece(String piece) {
        int[] known = cache.get(piece);
        if (known != null) {
            return known;
        }
        int[] ids = switch (piece) {
            case START -> new int[] {start};
            case END -> new int[] {end};
            default -> merger.merge(symbols(piece));
        };
        if (piece.length() <= CACHED_PIECE_LENGTH && cache.size() < CACHED_PIECES) {
            cache.put(piece, ids);
        }
        return ids;
    }

    private int[] symbols(String piece) {
        byte[] bytes = piece.getBytes(StandardCharsets.UTF_8);
        int[] symbols = new int[bytes.length];
        for (int i = 0; i < bytes.length; i++) {
            symbols[i] = (i + 1 < bytes.length ? inner : last)[bytes[i] & 0xFF];
        }
        return symbols;
    }

    /** GPT-2's stand-in of a byte: itself where Latin-1 prints it, else the next free character from U+0100 on. */
    private static String standIn(int b) {
        if (isPrintable(b)) {
            return Character.toString(b);
        }
        return Character.toString(0x100 + (int) IntStream.range(0, b).filter(smaller -> !isPrintable(smaller)).count());
    }

    private static boolean isPrintable(int b) {
        return b >= '!' && b <= '~' || b >= 0xA1 && b <= 0xAC || b >= 0xAE;
    }

    private static int id(Map<String, Integer> vocabulary, String symbol, String use) {
        Integer id = vocabulary.get(symbol);
        if (id == null) {
            throw new InputException("tokenizer: the vocabulary has no symbol '" + symbol + "', needed for " + use
                + "; vocabulary and merges must come from the same model");
        }
        return id;
    }
}
