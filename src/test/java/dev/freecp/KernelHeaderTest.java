package dev.freecp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Every kernel has the header that kernels/README.md asks for, and every kernel file its PTX. */
class KernelHeaderTest {

    private static final List<String> LINES = List.of("Shapes", "Launch", "Memory", "Numerics", "Domain", "Oracle");
    private static final Path KERNELS = Path.of(System.getProperty("freecp.root"), "kernels");

    private static final Pattern METHOD = Pattern.compile("\\b[A-Z]\\w*\\.[a-z]\\w*");

    /** A kernel and the comment right above it, if there is one. */
    private static final Pattern KERNEL = Pattern.compile("(?:/\\*((?:(?!\\*/).)*)\\*/\\s*)?extern \"C\" __global__ void (?:__launch_bounds__\\([^()]*\\) )?(\\w+)\\(", Pattern.DOTALL);

    @Test
    void everyKernelStatesItsContract() throws IOException {
        List<String> faults = new ArrayList<>();
        for (Path file : sources()) faults.addAll(faults(Files.readString(file)));
        assertEquals(List.of(), faults);
    }

    @Test
    void everyKernelFileHasPtxWithItsKernels() throws IOException {
        Set<String> wanted = new TreeSet<>();
        for (Path file : sources()) {
            String source = Files.readString(file);
            for (String module : modules(file, source)) {
                wanted.add(module + ".ptx");
                String ptx = Files.readString(KERNELS.resolve("ptx").resolve(module + ".ptx"));
                assertEquals("// freecp " + module, ptx.lines().findFirst().orElse(""));
                assertTrue(ptx.contains("\n.version 7.8\n"), module + ": drivers of CUDA 11.8 load nothing newer than PTX 7.8");
                for (Matcher kernel = KERNEL.matcher(source); kernel.find(); ) {
                    assertTrue(ptx.contains(".entry " + kernel.group(2) + "("), module + ".ptx lacks " + kernel.group(2));
                }
            }
        }
        try (Stream<Path> files = Files.list(KERNELS.resolve("ptx"))) {
            assertEquals(wanted, files.map(f -> f.getFileName().toString()).collect(Collectors.toCollection(TreeSet::new)), "PTX without a source");
        }
    }

    @Test
    void noticesWhatIsMissing() {
        String kernel = "extern \"C\" __global__ void relu(float* y) {}";
        assertEquals(List.of("relu: no header"), faults(kernel));
        assertEquals(List.of("relu: no formula"), faults("/*\n * Shapes x\n * Launch x\n * Memory x\n * Numerics x\n * Domain x\n * Oracle ScalarOps.layerNorm\n */\n" + kernel));
        assertEquals(List.of("relu: no Numerics", "relu: no Domain"),
            faults("/*\n * relu:  y = max(x, 0)\n * Shapes x\n * Launch x\n * Memory x\n * Domain\n * Oracle ScalarOps.layerNorm\n */\n" + kernel));
    }

    @Test
    void noticesAnOracleThatIsNotThere() {
        assertEquals(List.of(), oracleFaults("relu", "ScalarOps.layerNorm; Exp.gelu, tolerance in TokenOpsTest"));
        assertEquals(List.of("relu: Oracle names no method"), oracleFaults("relu", "common sense"));
        assertEquals(List.of("relu: there is no ScalarOps.relu", "relu: there is no Nobody.knows"), oracleFaults("relu", "ScalarOps.relu, Nobody.knows"));
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
            header.lines().filter(line -> line.startsWith(" * Oracle ")).forEach(line -> faults.addAll(oracleFaults(name, line)));
        }
        return faults;
    }

    /** Every {@code Class.method} that an Oracle line names is one of the backends' on the CPU. */
    private static List<String> oracleFaults(String kernel, String line) {
        List<String> methods = METHOD.matcher(line).results().map(MatchResult::group).toList();
        if (methods.isEmpty()) return List.of(kernel + ": Oracle names no method");
        return methods.stream().filter(method -> !exists(method)).map(method -> kernel + ": there is no " + method).toList();
    }

    private static boolean exists(String method) {
        String[] parts = method.split("\\.");
        for (String packageName : List.of("dev.freecp.ops.", "dev.freecp.cpu.")) {
            try {
                Class<?> type = Class.forName(packageName + parts[0], false, KernelHeaderTest.class.getClassLoader());
                if (Stream.of(type.getDeclaredMethods()).anyMatch(m -> m.getName().equals(parts[1]))) return true;
            } catch (ClassNotFoundException elsewhere) {
                continue;
            }
        }
        return false;
    }

    /** Names of the PTX files of a source: one for each type of activations if it works on them, of which tensor cores take the short ones only. */
    private static List<String> modules(Path file, String source) {
        String name = file.getFileName().toString().replace(".cu", "");
        if (!source.contains("#include \"act.cuh\"")) return List.of(name);
        Stream<String> types = source.contains("#include \"tensor_core.cuh\"") ? Stream.of("f16", "bf16") : Stream.of("f32", "f16", "bf16");
        return types.map(type -> name + "." + type).toList();
    }
}
