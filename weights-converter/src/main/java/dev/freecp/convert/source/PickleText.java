package dev.freecp.convert.source;

import java.math.BigInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Numbers and strings as text, which is how protocol 0 writes them, and integers of any length. */
final class PickleText {

    /** Beyond this, reading a number takes time that grows with the square of its length. */
    private static final int MAX_DIGITS = 2_000;
    private static final int MAX_INTEGER_BYTES = 1_024;
    private static final Pattern INTEGER = Pattern.compile("[+-]?[0-9]+");
    private static final Pattern REAL = Pattern.compile("[+-]?([0-9]+\\.?[0-9]*|\\.[0-9]+)([eE][+-]?[0-9]+)?");
    private static final Pattern ESCAPE = Pattern.compile("\\\\(u[0-9a-fA-F]{4}|U[0-9a-fA-F]{8}|x[0-9a-fA-F]{2}|[0-7]{1,3}|.)", Pattern.DOTALL);

    private PickleText() {
    }

    static Object integer(PickleInput in) {
        String line = in.line(MAX_DIGITS);
        return parse(in, line.endsWith("L") ? line.substring(0, line.length() - 1) : line);
    }

    /** Protocol 0 writes true and false as the integers 01 and 00. */
    static Object integerOrFlag(PickleInput in) {
        String line = in.line(MAX_DIGITS);
        return switch (line) {
            case "00" -> false;
            case "01" -> true;
            default -> parse(in, line);
        };
    }

    /** An index of the memo. */
    static long index(PickleInput in) {
        if (parse(in, in.line(MAX_DIGITS)) instanceof Long index && index >= 0) return index;
        throw in.malformed("an index of the memo that is none");
    }

    static double real(PickleInput in) {
        String line = in.line(MAX_DIGITS);
        return switch (line) {
            case "inf" -> Double.POSITIVE_INFINITY;
            case "-inf" -> Double.NEGATIVE_INFINITY;
            case "nan", "-nan" -> Double.NaN;
            default -> {
                if (!REAL.matcher(line).matches()) throw in.malformed("a number that is none");
                yield Double.parseDouble(line);
            }
        };
    }

    /** A string between quotes, with Python's escapes. */
    static String quoted(PickleInput in) {
        String line = in.line();
        char quote = line.isEmpty() ? 0 : line.charAt(0);
        if (line.length() < 2 || quote != '\'' && quote != '"' || line.charAt(line.length() - 1) != quote) throw in.malformed("a string without quotes");
        return unescape(in, line.substring(1, line.length() - 1), false);
    }

    /** A string in Python's raw-unicode-escape: only the two escapes with hexadecimal code points. */
    static String unicode(PickleInput in) {
        return unescape(in, in.line(), true);
    }

    /** Big-endian bytes of a little-endian two's complement integer. */
    static byte[] reversed(PickleInput in, int length) {
        if (length > MAX_INTEGER_BYTES) {
            in.requireLeft(length);
            throw in.malformed("an integer of " + length + " bytes");
        }
        byte[] bytes = in.bytes(length);
        for (int i = 0, j = bytes.length - 1; i < j; i++, j--) {
            byte swap = bytes[i];
            bytes[i] = bytes[j];
            bytes[j] = swap;
        }
        return bytes;
    }

    /** A {@link Long} wherever one suffices. */
    static Object narrow(BigInteger value) {
        return value.bitLength() < Long.SIZE ? (Object) value.longValue() : value;
    }

    private static Object parse(PickleInput in, String digits) {
        if (!INTEGER.matcher(digits).matches()) throw in.malformed("an integer that is none");
        return narrow(new BigInteger(digits));
    }

    private static String unescape(PickleInput in, String text, boolean raw) {
        StringBuilder plain = new StringBuilder();
        Matcher escape = ESCAPE.matcher(text);
        int done = 0;
        while (escape.find()) {
            plain.append(text, done, escape.start()).append(character(in, escape.group(), raw));
            done = escape.end();
        }
        return plain.append(text, done, text.length()).toString();
    }

    private static String character(PickleInput in, String escape, boolean raw) {
        char kind = escape.charAt(1);
        boolean wide = (kind == 'u' || kind == 'U') && escape.length() > 2;
        if (raw && !wide) return escape;
        if (wide || kind == 'x' && escape.length() > 2) return codePoint(in, Integer.parseUnsignedInt(escape.substring(2), 16));
        if (kind >= '0' && kind <= '7') return codePoint(in, Integer.parseInt(escape.substring(1), 8));
        return switch (kind) {
            case 'n' -> "\n";
            case 't' -> "\t";
            case 'r' -> "\r";
            case '\\', '\'', '"' -> String.valueOf(kind);
            default -> escape;
        };
    }

    private static String codePoint(PickleInput in, int codePoint) {
        if (!Character.isValidCodePoint(codePoint)) throw in.malformed("a character beyond Unicode");
        return Character.toString(codePoint);
    }
}
