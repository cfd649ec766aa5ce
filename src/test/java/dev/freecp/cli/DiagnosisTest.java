package dev.freecp.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.freecp.cuda.CublasLibrary;
import dev.freecp.cuda.CudaHost;
import dev.freecp.cuda.Driver;
import dev.freecp.ops.Precision;
import dev.freecp.parity.SelfTest;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

/** What the doctor says of machines that are not here. */
class DiagnosisTest {

    private static final CublasLibrary.Search NOWHERE = new CublasLibrary.Search(null, Map.of(), Path.of("/nowhere"));
    private static final Driver DRIVER = new Driver(12060, List.of(new Driver.Gpu(0, "NVIDIA L4", 24L << 30, 8, 9), new Driver.Gpu(1, "NVIDIA L4", 24L << 30, 8, 9)));
    private static final SelfTest.Result RIGHT = new SelfTest.Result("layerNorm", 2, 1.5e-4, 4e-3, "");
    private static final SelfTest.Result WRONG = new SelfTest.Result("propagate", 1, Double.NaN, 1e-5, "propagate 5 x 7 x 11: number 3 is NaN, wanted 0.5");

    private static Diagnosis onGpu(Optional<CublasLibrary> cublas, SelfTest.Result... results) {
        return new Diagnosis(new CudaHost(Optional.of(DRIVER), "", cublas, NOWHERE), "auto", "cuda:0 (NVIDIA L4)", "", OptionalInt.of(33),
            List.of(new Diagnosis.Test(Precision.FP16, List.of(results), 0.75)), "");
    }

    private static CudaHost noGpu() {
        return new CudaHost(Optional.empty(), "no NVIDIA driver", Optional.empty(), NOWHERE);
    }

    @Test
    void theFirstLineOfAGpuHostIsItsCublas() {
        List<String> lines = onGpu(Optional.of(new CublasLibrary(Path.of("/cuda/lib64"), 12)), RIGHT).lines(false);
        assertEquals("  cuBLAS   12 in /cuda/lib64", lines.getFirst());
        assertEquals(List.of("  driver   CUDA 12.6", "  GPU 0    NVIDIA L4, 24,576 MiB, compute capability 8.9", "  GPU 1    NVIDIA L4, 24,576 MiB, compute capability 8.9",
            "  kernels  33 modules of PTX loaded"), lines.subList(1, 5));
        assertEquals("  test     1 operation, 2 cases in fp16, 0.8 s: all within their limits", lines.get(7));
        assertEquals("  device   auto takes cuda:0 (NVIDIA L4); it works", lines.getLast());
        assertTrue(onGpu(Optional.empty(), RIGHT).lines(false).getFirst().startsWith("  cuBLAS   none, our own kernels multiply"));
    }

    @Test
    void namesEveryOperationThatIsWrong() {
        Diagnosis diagnosis = onGpu(Optional.empty(), RIGHT, WRONG);
        List<String> lines = diagnosis.lines(false);
        assertFalse(diagnosis.works());
        assertTrue(lines.contains("  test     2 operations, 3 cases in fp16, 0.8 s: 1 operation is wrong"), lines.toString());
        assertTrue(lines.contains("           WRONG propagate 5 x 7 x 11: number 3 is NaN, wanted 0.5"), lines.toString());
        assertEquals("  device   auto takes cuda:0 (NVIDIA L4); it is WRONG", lines.getLast());
    }

    @Test
    void printsEveryOperationIfAsked() {
        assertTrue(onGpu(Optional.empty(), RIGHT).lines(true).contains("           layerNorm              2 cases, error 1.5e-04, limit 4e-03"));
    }

    @Test
    void aMachineWithoutGpuIsFine() {
        Diagnosis diagnosis = new Diagnosis(noGpu(), "auto", "cpu-vector", "cuda: not used (no NVIDIA driver)", OptionalInt.empty(), List.of(), "");
        assertTrue(diagnosis.works());
        assertEquals("  GPU      none: no NVIDIA driver", diagnosis.lines(false).getFirst());
        assertEquals("  device   auto takes cpu-vector; cuda: not used (no NVIDIA driver); it works", diagnosis.lines(false).getLast());
    }

    @Test
    void aMissingGpuThatWasAskedForIsNot() throws IOException {
        Diagnosis diagnosis = new Diagnosis(noGpu(), "cuda", "", "", OptionalInt.empty(), List.of(), "no NVIDIA driver");
        assertFalse(diagnosis.works());
        assertEquals("  device   --device cuda does not work: no NVIDIA driver", diagnosis.lines(false).getLast());
        assertEquals("no NVIDIA driver", diagnosis.json().get("problem"));
        assertEquals(false, diagnosis.json().get("works"));
    }
}
