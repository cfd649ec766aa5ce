package dev.freecp.bench.gpu;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The pages about kernels say what the benchmarks count, and leave no kernel out. {@code -Dfreecp.update=docs} writes the table again. */
class PictureCostsTest {

    private static final Path ROOT = Path.of(System.getProperty("freecp.root")), PAGES = ROOT.resolve("docs/kernels");
    private static final Pattern KERNEL = Pattern.compile("__global__ void (?:__launch_bounds__\\([^()]*\\) )?(\\w+)\\(");

    @Test
    void theTableOfAPictureIsTheBenchmarks() throws IOException {
        Path page = PAGES.resolve("picture.md");
        String text = Files.readString(page), before = text.substring(0, text.indexOf("| operation |")), table = text.substring(before.length());
        int end = table.indexOf("\n\n") + 1;
        if (System.getProperty("freecp.update", "").equals("docs")) Files.writeString(page, before + PictureCosts.table() + table.substring(end));
        else assertEquals(PictureCosts.table(), table.substring(0, end));
    }

    @Test
    void everyKernelHasItsPage() throws IOException {
        StringBuilder pages = new StringBuilder();
        for (Path page : files(PAGES, ".md")) if (!page.endsWith("registers.md")) pages.append(Files.readString(page));
        List<String> missing = new ArrayList<>();
        for (Path source : files(ROOT.resolve("kernels"), ".cu")) {
            String family = source.getFileName().toString();
            if (pages.indexOf("kernels/" + family) < 0) missing.add(family);
            for (Matcher kernel = KERNEL.matcher(Files.readString(source)); kernel.find(); ) {
                if (pages.indexOf("`" + kernel.group(1) + "`") < 0) missing.add(family + ": " + kernel.group(1));
            }
        }
        assertEquals(List.of(), missing);
    }

    /** Counted by hand for two windows of 3 x 3 cells, five classes. */
    @Test
    void countsOfASmallPicture() {
        assertEquals(4 * 3 * 2 * 5 * 9, Cost.classMaps(2, 5, 9).least());
        assertEquals(4 * 4 * 2 * 5 * 9, Cost.classMaps(2, 5, 9).moved());
        assertEquals(4 * 2 * 2 * 81, Cost.transition(2, 9, 3).least());
        assertEquals(4 * 8 * 2 * 81, Cost.transition(2, 9, 3).moved());
        assertEquals(7, Cost.transition(2, 9, 3).launches());
        assertEquals(4 * 2 * (81 + 2 * 45), Cost.propagate(2, 5, 9).least());
        assertEquals(2 * 2 * 5 * 81, Cost.propagate(2, 5, 9).operations());
        assertEquals(20 * 768 * 6, Cost.layerNorm(20, 768, 2).least());
        assertEquals(100 + 2 * 600, Cost.patches(100, 600, 2).least());
        assertEquals(1e6 * (7 * 2e-6 + 4 * 8 * 162 / 1e3), Cost.transition(2, 9, 3).microseconds(1e3, 1e9, 2e-6), 1e-6);
    }

    private static List<Path> files(Path folder, String ending) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> file.toString().endsWith(ending)).sorted().toList();
        }
    }
}
