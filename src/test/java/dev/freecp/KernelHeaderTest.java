package dev.freecp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Every kernel has the header that kernels/README.md asks for, and every kernel file its PTX. */
class KernelHeaderTest {

    private static final List<String> LINES = List.of("Shapes", "Launch", "Memory", "Numerics", "Domain", "Oracle");
    private static final Path KERNELS = Path.of(System.getProperty("freecp.root"), "kernels");

    /** A kernel and the comment right above it, if there is one. */
    private static final Pattern KERNEL = Pattern.compile("(?:/\\*((?:(?!\\*/).)*)\\*/\\s*)?extern \"C\" __global__\\s[^(]*?(\\w+)\\s*\\(", Pattern.DOTALL);

    @Test
    void everyKernelStatesItsContract() throws IOException {
        List<String> faults = new ArrayList<>();
        for (Path file : sources()) faults.addAll(faults(Files.readString(file)));
        assertEquals(List.of(), faults);
    }

    @Test
    void everyKernelFileHasPtxWithItsKernels() throws IOException {
        for (Path file : sources()) {
            String ptx = Files.readString(KERNELS.resolve("ptx").resolve(file.getFileName().toString().replace(".cu", ".ptx")));
            for (Matcher kernel = KERNEL.matcher(Files.readString(file)); kernel.find(); ) {
                assertTrue(ptx.contains(".entry " + kernel.group(2) + "("), "PTX of " + file + " lacks " + kernel.group(2));
            }
        }
    }

    @Test
    void noticesWhatIsMissing() {
        String kernel = "extern \"C\" __global__ void relu(float* y) {}";
        assertEquals(List.of("relu: no header"), faults(kernel));
        assertEquals(List.of("relu: no formula"), faults("/*\n * Shapes x\n * Launch x\n * Memory x\n * Numerics x\n * Domain x\n * Oracle x\n */\n" + kernel));
        assertEquals(List.of("relu: no Numerics", "relu: no Domain"),
            faults("/*\n * relu:  y = max(x, 0)\n * Shapes x\n * Launch x\n * Memory x\n * Domain\n * Oracle x\n */\n" + kernel));
    }

    private static List<Path> sources() throws IOException {
        try (Stream<Path> files = Files.list(KERNELS)) {
            List<Path> sources = files.filter(f -> f.toString().endsWith(".cu")).sorted().toList();
            assertFalse(sources.isEmpty(), "no kernels in " + KERNELS);
            return sources;
        }
    }

    private static List<String> faults(String source) {
        List<String> faults = new ArrayList<>();
        for (Matcher kernel = KERNEL.matcher(source); kernel.find(); ) {
            String header = kernel.group(1), name = kernel.group(2);
            if (header == null) {
                faults.add(name + ": no header");
                continue;
            }
            if (header.lines().noneMatch(line -> line.matches(" \\* " + name + ": +\\S.*"))) faults.add(name + ": no formula");
            for (String wanted : LINES) {
                if (header.lines().noneMatch(line -> line.matches(" \\* " + wanted + " +\\S.*"))) faults.add(name + ": no " + wanted);
            }
        }
        return faults;
    }
}
