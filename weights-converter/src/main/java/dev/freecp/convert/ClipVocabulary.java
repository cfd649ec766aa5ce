package dev.freecp.convert;

import com.fasterxml.jackson.jr.ob.JSON;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * CLIP's byte-pair vocabulary, which follows from its merges: 256 byte symbols, the same with the end-of-word mark, one symbol a merge, start and end
 * of text.
 *
 * @param merges pairs {@code "a b"}, the first rank first
 */
record ClipVocabulary(List<String> merges) {

    /** Merges of OpenAI's vocabulary, and so of nearly every CLIP model. */
    static final int MERGES = 48_894;
    static final String END_OF_WORD = "</w>";

    private static final String START = "<|startoftext|>";
    private static final String END = "<|endoftext|>";
    private static final int BYTES = 256;

    /** The printable stand-ins of all bytes in the order of their ids: 188 that are printable themselves, then 68 from U+0100 on. */
    static List<String> byteSymbols() {
        List<String> symbols = new ArrayList<>(BYTES);
        for (char c = '!'; c <= 0xff; c++) if (c <= '~' || c >= 0xa1 && c != 0xad) symbols.add(String.valueOf(c));
        for (char c = 0x100; symbols.size() < BYTES; c++) symbols.add(String.valueOf(c));
        return symbols;
    }

    /** Token to id. */
    Map<String, Integer> ids() {
        Map<String, Integer> ids = LinkedHashMap.newLinkedHashMap(2 * BYTES + merges.size() + 2);
        for (String symbol : byteSymbols()) ids.put(symbol, ids.size());
        for (String symbol : byteSymbols()) ids.put(symbol + END_OF_WORD, ids.size());
        for (String merge : merges) ids.put(merge.replace(" ", ""), ids.size());
        ids.put(START, ids.size());
        ids.put(END, ids.size());
        return ids;
    }

    /** The four files that transformers and the engine read a tokenizer from. */
    void write(Path folder, int context) throws IOException {
        JSON json = JSON.std.with(JSON.Feature.PRETTY_PRINT_OUTPUT);
        json.write(ids(), folder.resolve("vocab.json").toFile());
        Files.writeString(folder.resolve("merges.txt"), "#version: 0.2\n" + String.join("\n", merges) + "\n");
        Map<String, Object> special = new LinkedHashMap<>();
        special.put("bos_token", START);
        special.put("eos_token", END);
        special.put("unk_token", END);
        special.put("pad_token", END);
        json.write(special, folder.resolve("special_tokens_map.json").toFile());
        Map<String, Object> config = new LinkedHashMap<>(special);
        config.put("tokenizer_class", "CLIPTokenizer");
        config.put("model_max_length", context);
        config.put("do_lower_case", true);
        config.put("add_prefix_space", false);
        config.put("errors", "replace");
        json.write(config, folder.resolve("tokenizer_config.json").toFile());
    }

    /** Merges that belong to no language: every first byte with every last byte of a word, so that a word's last two letters become one token. */
    static ClipVocabulary synthetic() {
        List<String> merges = new ArrayList<>(MERGES);
        for (String first : byteSymbols()) for (String last : byteSymbols()) if (merges.size() < MERGES) merges.add(first + " " + last + END_OF_WORD);
        return new ClipVocabulary(merges);
    }
}
