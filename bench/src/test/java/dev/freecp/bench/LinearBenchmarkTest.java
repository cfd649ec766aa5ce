package dev.freecp.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Collection;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

class LinearBenchmarkTest {

    @ParameterizedTest
    @EnumSource
    void runsAndTellsItsRate(Device device) throws RunnerException {
        Collection<RunResult> results = new Runner(new OptionsBuilder().include(LinearBenchmark.class.getName()).forks(0).verbosity(VerboseMode.SILENT)
            .warmupIterations(0).measurementIterations(1).measurementTime(TimeValue.milliseconds(50)).shouldFailOnError(true)
            .param("device", device.name()).param("layer", "out").param("rows", "50").build()).run();

        assertEquals(1, results.size());
        RunResult result = results.iterator().next();
        double runsASecond = result.getPrimaryResult().getScore(), gflops = result.getSecondaryResults().get("gflop").getScore();
        assertTrue(runsASecond > 0);
        assertEquals(2e-9 * 50 * 768 * 768, gflops / runsASecond, 1e-9);
    }
}
