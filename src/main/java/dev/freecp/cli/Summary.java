package dev.freecp.cli;

import dev.freecp.segment.Segmentation;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** What is in a picture, in a line. */
final class Summary {

    private static final int SHOWN = 8;
    private static final int NAME_LENGTH = 40;

    private Summary() {
    }

    /** {@code grass 41.2 %, sky 30.1 %, dog 12.0 %}: the classes that occur, largest first. */
    static String of(Segmentation result) {
        long[] areas = result.areas();
        List<String> names = result.vocabulary().labelNames();
        List<String> present = IntStream.range(0, areas.length).boxed().filter(label -> areas[label] > 0)
            .sorted((a, b) -> Long.compare(areas[b], areas[a])).map(label -> shortened(names.get(label)) + " " + percent(areas[label], result.confidence().length)).toList();
        String shown = present.stream().limit(SHOWN).collect(Collectors.joining(", "));
        return present.size() > SHOWN ? shown + " and " + (present.size() - SHOWN) + " more" : shown;
    }

    private static String shortened(String name) {
        return name.length() <= NAME_LENGTH ? name : name.substring(0, NAME_LENGTH - 3).strip() + "...";
    }

    private static String percent(long part, long whole) {
        double percent = 100.0 * part / whole;
        return percent < 0.05 ? "< 0.1 %" : String.format(Locale.ROOT, "%.1f %%", percent);
    }
}
