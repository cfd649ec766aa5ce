package dev.freecp.convert;

import dev.freecp.convert.source.Refusal;
import java.io.BufferedInputStream;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.zip.GZIPInputStream;

/** OpenAI's {@code bpe_simple_vocab_16e6.txt.gz}, packed or unpacked: a line of its own, then merges, of which CLIP uses the first 48894. */
final class BpeFile {

    /** The published file has 1.4 MB packed and 3.2 MB unpacked. */
    private static final int MOST_BYTES = 32 << 20;

    private BpeFile() {
    }

    /** @throws Refusal if it is anything but such a file */
    static ClipVocabulary read(Path file) {
        List<String> lines = text(file).lines().skip(1).limit(ClipVocabulary.MERGES).toList();
        if (lines.size() < ClipVocabulary.MERGES) {
            throw new Refusal(Refusal.Kind.MALFORMED, file, "has " + lines.size() + " merges, wanted at least " + ClipVocabulary.MERGES + " under a first line of its own");
        }
        requireOrder(file, lines);
        return new ClipVocabulary(lines);
    }

    private static String text(Path file) {
        if (!Files.isRegularFile(file)) throw new Refusal(Refusal.Kind.MISSING, file, "no such file");
        try (InputStream in = new BufferedInputStream(Files.newInputStream(file))) {
            byte[] bytes = in.readNBytes(MOST_BYTES + 1);
            if (bytes.length > 2 && (bytes[0] & 0xff) == 0x1f && (bytes[1] & 0xff) == 0x8b) {
                try (InputStream unpacked = new GZIPInputStream(new ByteArrayInputStream(bytes))) {
                    bytes = unpacked.readNBytes(MOST_BYTES + 1);
                }
            }
            if (bytes.length > MOST_BYTES) throw new Refusal(Refusal.Kind.TOO_LARGE, file, "holds more than " + MOST_BYTES + " bytes of text");
            return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
        } catch (CharacterCodingException e) {
            throw new Refusal(Refusal.Kind.MALFORMED, file, "is no text in UTF-8");
        } catch (IOException e) {
            throw new Refusal(Refusal.Kind.MALFORMED, file, "cannot be read or unpacked: " + e.getMessage());
        }
    }

    /** Each line joins two symbols that are there by then into one that is not. */
    private static void requireOrder(Path file, List<String> merges) {
        Set<String> known = new HashSet<>();
        for (String symbol : ClipVocabulary.byteSymbols()) {
            known.add(symbol);
            known.add(symbol + ClipVocabulary.END_OF_WORD);
        }
        for (int i = 0; i < merges.size(); i++) {
            String[] pair = merges.get(i).split(" ", -1);
            if (pair.length != 2 || !known.contains(pair[0]) || !known.contains(pair[1]) || !known.add(pair[0] + pair[1])) {
                throw new Refusal(Refusal.Kind.MALFORMED, file, "line " + (i + 2) + " must join two symbols that stand above it into a new one");
            }
        }
    }
}
