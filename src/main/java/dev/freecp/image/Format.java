package dev.freecp.image;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** The kinds of picture files that are read, told by their first bytes, never by the file's name. */
enum Format {
    JPEG("\u00ff\u00d8\u00ff"), PNG("\u0089PNG\r\n\u001a\n"), GIF("GIF8"), BMP("BM"), WEBP("RIFF????WEBP");

    private final String signature;   // a question mark stands for any byte

    Format(String signature) {
        this.signature = signature;
    }

    /** The format of a file that begins with these bytes, or null if it is none of these. */
    static Format of(byte[] bytes) {
        return Arrays.stream(values()).filter(format -> format.begins(bytes)).findFirst().orElse(null);
    }

    private boolean begins(byte[] bytes) {
        if (bytes.length < signature.length()) return false;
        String head = new String(bytes, 0, signature.length(), StandardCharsets.ISO_8859_1);
        for (int i = 0; i < signature.length(); i++) {
            if (signature.charAt(i) != '?' && signature.charAt(i) != head.charAt(i)) return false;
        }
        return true;
    }
}
