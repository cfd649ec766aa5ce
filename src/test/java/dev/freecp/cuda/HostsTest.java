package dev.freecp.cuda;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.freecp.Golden;
import dev.freecp.cuda.Machine.Said;
import dev.freecp.error.DeviceException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * {@code freecp doctor} and {@code freecp segment} as processes on machines without a GPU, with a driver but no cuBLAS, and with CUDA 13 only: each says what is
 * there, and both say the same.
 */
class HostsTest {

    @TempDir
    private Path folder;

    private Machine machine;

    @BeforeEach
    void begin() throws IOException {
        machine = new Machine(folder);
    }

    @Test
    void withoutGpuEverybodySaysWhy() throws IOException, InterruptedException {
        Said doctor = doctor();
        assertEquals(0, doctor.code(), doctor.toString());
        assertTrue(doctor.out().getFirst().startsWith("  GPU      none: "), doctor.toString());
        String why = doctor.out().getFirst().substring("  GPU      none: ".length());
        assertTrue(doctor.out().getLast().matches("  device   auto takes cpu-vector, .*; cuda: not used \\(.*\\); it works"), doctor.toString());
        assertTrue(doctor.out().getLast().contains("cuda: not used (" + why + ")"), doctor.toString());

        for (Said refused : List.of(doctor("--device", "cuda"), segment("--device", "cuda"))) {
            assertEquals(new DeviceException("").exitCode(), refused.code(), refused.toString());
            assertEquals("freecp: " + why, refused.err().getLast());
        }
        Said automatic = segment("--device", "auto");
        assertEquals(0, automatic.code(), automatic.toString());
        assertTrue(automatic.err().stream().anyMatch(line -> line.matches("  device   cpu-vector, .*") && line.endsWith("; cuda: not used (" + why + ")")), automatic.toString());
    }

    @Test
    void withADriverOnlyOurOwnKernelsMultiply() throws IOException, InterruptedException {
        machine.withDriver();
        Said doctor = doctor("--cuda-libs", libraries());
        assertEquals(0, doctor.code(), doctor.toString());
        assertEquals("  cuBLAS   none, our own kernels multiply, more slowly; looked in " + libraries()
            + "; to get it: pip install --user nvidia-cublas-cu12, or name its folder with --cuda-libs", doctor.out().getFirst());
        assertTrue(doctor.out().getLast().matches("  device   auto takes cuda:0 \\(.*\\), own matrix products \\(.*\\), fp16; it works"), doctor.toString());

        Said segment = segment("--device", "cuda", "--cuda-libs", libraries());
        assertEquals(0, segment.code(), segment.toString());
        assertTrue(segment.err().stream().anyMatch(line -> line.matches("  device   cuda:0 \\(.*\\), own matrix products \\(.*\\), fp16")), segment.toString());
    }

    @Test
    void withCuda12CublasIsLoaded() throws IOException, InterruptedException {
        machine.withDriver().withCublas12();
        Said doctor = doctor("--device", "cuda");
        assertEquals(0, doctor.code(), doctor.toString());
        assertEquals("  cuBLAS   12 in " + libraries(), doctor.out().getFirst());
        assertTrue(doctor.out().getLast().matches("  device   cuda:0 \\(.*\\), cuBLAS 12\\..*, fp16; it works"), doctor.toString());
    }

    @Test
    void withCuda13OnlyJcudasLibraryIsPatched() throws IOException, InterruptedException {
        machine.withDriver().withCublas13();
        Said doctor = doctor("--cuda-libs", libraries());
        assertEquals(0, doctor.code(), doctor.toString());
        assertEquals("  cuBLAS   13 in " + libraries() + ", by a patched copy of JCuda's library", doctor.out().getFirst());
        assertTrue(doctor.out().getLast().matches("  device   auto takes cuda:0 \\(.*\\), cuBLAS 13\\..*, fp16; it works"), doctor.toString());

        Said segment = segment("--device", "cuda", "--cuda-libs", libraries());
        assertEquals(0, segment.code(), segment.toString());
        assertTrue(segment.err().stream().anyMatch(line -> line.matches("  device   cuda:0 \\(.*\\), cuBLAS 13\\..*, fp16")), segment.toString());
    }

    @Test
    void aCardThatIsNotThereIsRefused() throws IOException, InterruptedException {
        machine.withDriver();
        String why = "freecp: cuda:7: this machine's GPUs are numbered 0 to 0";
        for (Said refused : List.of(doctor("--device", "cuda:7"), segment("--device", "cuda:7"))) {
            assertEquals(new DeviceException("").exitCode(), refused.code(), refused.toString());
            assertEquals(why, refused.err().getLast());
        }
    }

    private String libraries() {
        return machine.libraries().toString();
    }

    private Said doctor(String... more) throws IOException, InterruptedException {
        return machine.freecp(Stream.concat(Stream.of("doctor"), Stream.of(more)).toList());
    }

    /** One small window, few words. */
    private Said segment(String... more) throws IOException, InterruptedException {
        List<String> arguments = new ArrayList<>(List.of("segment", "--model", Golden.path("shapes/model").toString(), "--classes", "circle; heart", "--templates", "a {}.",
            "--resize", "2048,112", "--crop", "112", "--stride", "112", "--cache", "off", "--out", folder.resolve("out").toString()));
        arguments.addAll(List.of(more));
        arguments.add(Golden.path("shapes/dataset/JPEGImages/scene_0001.jpg").toString());
        return machine.freecp(arguments);
    }
}
