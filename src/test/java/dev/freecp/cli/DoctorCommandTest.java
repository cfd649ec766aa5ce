package dev.freecp.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.jr.ob.JSON;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** {@code freecp doctor} on the CPU of this machine. */
class DoctorCommandTest {

    @Test
    void theCpuWorks() {
        Run run = Run.of("doctor", "--device", "cpu");
        assertEquals(0, run.code(), run.out() + run.err());
        assertEquals("", run.err());
        assertTrue(run.out().contains("  JDK      " + System.getProperty("java.version")), run.out());
        assertTrue(run.out().lines().anyMatch(line -> line.matches("  test     \\d\\d operations, \\d+ cases in fp32, .* s: all within their limits")), run.out());
        assertTrue(run.out().lines().toList().getLast().matches("  device   cpu-vector, .*; it works"), run.out());
    }

    @Test
    void saysTheSameAsJson() throws IOException {
        Map<String, Object> json = JSON.std.mapFrom(Run.of("doctor", "--device", "cpu", "--json").out());
        assertEquals(true, json.get("works"));
        assertEquals("cpu", json.get("asked"));
        assertEquals("fp32", ((Map<?, ?>) ((List<?>) json.get("tests")).getFirst()).get("precision"));
        assertTrue(json.keySet().containsAll(List.of("driver", "gpus", "cublas", "cublasSearched", "kernelModules")), json.toString());
    }

    @Test
    void refusesDevicesAndPrecisionsThatThereAreNot() {
        assertEquals(2, Run.of("doctor", "--device", "gpu").code());
        assertEquals(2, Run.of("doctor", "--device", "cpu", "--precision", "fp16").code());
    }
}
