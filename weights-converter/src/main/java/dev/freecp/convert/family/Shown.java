package dev.freecp.convert.family;

import java.util.Collection;
import java.util.stream.Collectors;

/** Lists of names for messages, cut where they would fill the screen. */
final class Shown {

    private static final int MOST = 8;
    private static final int LONGEST = 120;

    private Shown() {
    }

    /** {@code a, b, c and 12 more}. */
    static String of(Collection<String> names) {
        String first = names.stream().limit(MOST).map(Shown::cut).collect(Collectors.joining(", "));
        return names.size() <= MOST ? first : first + " and " + (names.size() - MOST) + " more";
    }

    private static String cut(String name) {
        return name.length() <= LONGEST ? name : name.substring(0, LONGEST) + "...";
    }
}
