import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * One line about a finished build, run by Maven as a source file:
 * <pre>
 * java BuildReport.java sizes JAR LIB          jar and dependency sizes
 * java BuildReport.java coverage JACOCO_CSV    line coverage, whole and by package
 * </pre>
 */
void main(String[] args) throws IOException {
    IO.println(switch (args[0]) {
        case "sizes" -> sizes(Path.of(args[1]), Path.of(args[2]));
        case "coverage" -> coverage(Path.of(args[1]));
        default -> throw new IllegalArgumentException("sizes or coverage, not " + args[0]);
    });
}

String sizes(Path jar, Path lib) throws IOException {
    List<Path> dependencies;
    try (Stream<Path> files = Files.list(lib)) {
        dependencies = files.sorted(Comparator.comparingLong(this::bytes).reversed()).toList();
    }
    return "%s %s; %d dependencies, %s: %s".formatted(jar.getFileName(), size(bytes(jar)), dependencies.size(),
        size(dependencies.stream().mapToLong(this::bytes).sum()),
        dependencies.stream().map(d -> artifact(d) + " " + size(bytes(d))).collect(Collectors.joining(", ")));
}

long bytes(Path file) {
    return file.toFile().length();
}

/** {@code jackson-core-2.22.4.jar} is {@code jackson-core}. */
String artifact(Path jar) {
    return jar.getFileName().toString().replaceFirst("-\\d.*", "");
}

String size(long bytes) {
    return bytes < 100_000 ? Math.ceilDiv(bytes, 1000) + " KB" : String.format(Locale.ROOT, "%.1f MB", bytes / 1e6);
}

/** Columns of the file: group, package, class, instructions missed and covered, branches missed and covered, lines missed, lines covered, ... */
String coverage(Path csv) throws IOException {
    if (!Files.exists(csv)) return "line coverage: not measured, no test ran";
    var packages = new TreeMap<String, Lines>();
    for (String row : Files.readAllLines(csv).stream().skip(1).toList()) {
        String[] cells = row.split(",");
        packages.merge(cells[1].replaceFirst("^dev\\.freecp\\.", ""), new Lines(Long.parseLong(cells[7]), Long.parseLong(cells[8])), Lines::plus);
    }
    Lines all = packages.values().stream().reduce(new Lines(0, 0), Lines::plus);
    return "line coverage %.1f %% (%s)".formatted(all.percent(),
        packages.entrySet().stream().map(e -> "%s %.0f".formatted(e.getKey(), e.getValue().percent())).collect(Collectors.joining(", ")));
}

record Lines(long missed, long covered) {
    Lines plus(Lines other) {
        return new Lines(missed + other.missed, covered + other.covered);
    }

    double percent() {
        return missed + covered == 0 ? 100 : 100.0 * covered / (missed + covered);
    }
}
