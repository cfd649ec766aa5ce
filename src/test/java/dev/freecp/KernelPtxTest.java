package dev.freecp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The committed PTX is what {@code kernels/build.sh} makes of the sources. Needs the nvcc that wrote it: another one words the same code differently.
 */
class KernelPtxTest {

    private static final Path KERNELS = Path.of(System.getProperty("freecp.root"), "kernels");
    private static final Pattern COMPILER = Pattern.compile("Cuda compilation tools, release .*");

    @Test
    void committedPtxIsWhatTheSourcesGive(@TempDir Path built) throws IOException, InterruptedException {
        List<Path> committed = ptx(KERNELS.resolve("ptx"));
        String compiler = compilerOf(Files.readString(committed.getFirst()));
        assumeTrue(compiler.equals(installedCompiler()), "not here: " + compiler);

        Process build = new ProcessBuilder(KERNELS.resolve("build.sh").toString(), built.toString()).inheritIO().start();
        assertEquals(0, build.waitFor(), "kernels/build.sh");

        assertEquals(committed.stream().map(Path::getFileName).toList(), ptx(built).stream().map(Path::getFileName).toList());
        for (Path file : committed) assertEquals(Files.readString(built.resolve(file.getFileName())), Files.readString(file), file + " is older than its source");
    }

    private static List<Path> ptx(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.sorted().toList();
        }
    }

    private static String installedCompiler() throws InterruptedException {
        try {
            Process nvcc = new ProcessBuilder("nvcc", "--version").start();
            String version = compilerOf(new String(nvcc.getInputStream().readAllBytes()));
            nvcc.waitFor();
            return version;
        } catch (IOException missing) {
            return "no nvcc";
        }
    }

    private static String compilerOf(String text) {
        Matcher compiler = COMPILER.matcher(text);
        return compiler.find() ? compiler.group() : "unknown compiler";
    }
}
