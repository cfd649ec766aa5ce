package dev.freecp.serve;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The parts of a {@code multipart/form-data} body (RFC 7578). */
final class Multipart {

    private static final Pattern BOUNDARY = Pattern.compile("boundary=(?:\"([^\"]{1,70})\"|([^;\\s]{1,70}))", Pattern.CASE_INSENSITIVE);
    private static final Pattern NAME = Pattern.compile("[;\\s]name=\"([^\"]*)\"", Pattern.CASE_INSENSITIVE);
    private static final Pattern FILE = Pattern.compile("[;\\s]filename=\"([^\"]*)\"", Pattern.CASE_INSENSITIVE);
    private static final Pattern TYPE = Pattern.compile("(?im)^content-type:\\s*([^;\\s]+)");
    private static final byte[] BLANK_LINE = "\r\n\r\n".getBytes(StandardCharsets.US_ASCII);
    private static final int MOST_PARTS = 100;

    /**
     * @param type    in lower case, empty if the part has none
     * @param content a copy
     */
    record Part(String name, Optional<String> file, String type, byte[] content) {

        String text() {
            return new String(content, StandardCharsets.UTF_8);
        }
    }

    private Multipart() {
    }

    /** @throws Refusal if the body is not what its content type says */
    static List<Part> parse(String contentType, byte[] body) {
        Matcher boundary = BOUNDARY.matcher(contentType);
        if (!boundary.find()) throw refusal("the content type names no boundary");
        byte[] delimiter = ("\r\n--" + (boundary.group(1) == null ? boundary.group(2) : boundary.group(1))).getBytes(StandardCharsets.ISO_8859_1);
        List<Part> parts = new ArrayList<>();
        if (!startsWith(body, 0, delimiter, 2)) throw refusal("it does not begin with its boundary");
        int at = delimiter.length - 2;                               // the first delimiter may stand at the very beginning, without its line break
        while (!isLast(body, at)) {
            int head = at + 2, blank = indexOf(body, head - 2, BLANK_LINE), end = blank < 0 ? -1 : indexOf(body, blank + 2, delimiter);
            if (end < 0) throw refusal("it ends in the middle of a part");
            if (parts.size() == MOST_PARTS) throw refusal("it has more than " + MOST_PARTS + " parts");
            String header = " " + new String(body, head, Math.max(0, blank - head), StandardCharsets.UTF_8).replaceAll("\r\n", "\n");
            int from = Math.min(end, blank + BLANK_LINE.length);
            parts.add(new Part(find(NAME, header).orElseThrow(() -> refusal("a part has no name")), find(FILE, header),
                find(TYPE, header.strip()).orElse("").toLowerCase(Locale.ROOT), Arrays.copyOfRange(body, from, end)));
            at = end + delimiter.length;
        }
        return parts;
    }

    /** Two hyphens behind a delimiter end the body; a line break goes on. */
    private static boolean isLast(byte[] body, int at) {
        if (at + 1 < body.length && body[at] == '-' && body[at + 1] == '-') return true;
        if (at + 1 < body.length && body[at] == '\r' && body[at + 1] == '\n') return false;
        throw refusal("it ends in the middle of a boundary");
    }

    private static int indexOf(byte[] bytes, int from, byte[] wanted) {
        for (int i = from; i + wanted.length <= bytes.length; i++) if (bytes[i] == wanted[0] && startsWith(bytes, i, wanted, 0)) return i;
        return -1;
    }

    private static boolean startsWith(byte[] bytes, int at, byte[] wanted, int skipped) {
        int length = wanted.length - skipped;
        return at + length <= bytes.length && Arrays.equals(bytes, at, at + length, wanted, skipped, wanted.length);
    }

    private static Optional<String> find(Pattern pattern, String header) {
        Matcher matcher = pattern.matcher(header);
        return matcher.find() ? Optional.of(matcher.group(1)) : Optional.empty();
    }

    private static Refusal refusal(String problem) {
        return new Refusal(Refusal.BAD_REQUEST, "the multipart body cannot be read: " + problem);
    }
}
