package dev.freecp.bench;

import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.annotation.Annotation;
import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

class BenchmarksTest {

    static Stream<Class<?>> families() {
        return Stream.of(LinearBenchmark.class, AttentionBenchmark.class, TokenBenchmark.class, PurificationBenchmark.class, ShapesBenchmark.class, LoadingBenchmark.class);
    }

    /** Each method once, with the first value of each parameter, outside JMH. */
    @ParameterizedTest
    @MethodSource("families")
    void everyMethodDoesItsWork(Class<?> family) throws ReflectiveOperationException {
        Object benchmark = family.getConstructor().newInstance();
        for (Field field : family.getFields()) if (field.isAnnotationPresent(Param.class)) field.set(benchmark, first(field));
        call(benchmark, Setup.class);
        int methods = 0;
        for (Method method : family.getDeclaredMethods()) {
            if (!method.isAnnotationPresent(Benchmark.class)) continue;
            Work work = new Work();
            boolean counts = method.getParameterCount() == 1;
            assertNotNull(counts ? method.invoke(benchmark, work) : method.invoke(benchmark), method.toString());
            assertTrue(!counts || work.gflop + work.gigabyte > 0, method.toString());
            methods++;
        }
        call(benchmark, TearDown.class);
        assertTrue(methods > 1, family.toString());
    }

    private static Object first(Field field) {
        if (field.getName().equals("shapes")) return Path.of(System.getProperty("freecp.testdata"), "shapes").toString();
        String value = field.getAnnotation(Param.class).value()[0];
        if (field.getType().isEnum()) return field.getType().getEnumConstants()[0];
        return field.getType() == int.class ? (Object) Integer.valueOf(value) : value;
    }

    private static void call(Object benchmark, Class<? extends Annotation> kind) throws ReflectiveOperationException {
        for (Method method : benchmark.getClass().getMethods()) if (method.isAnnotationPresent(kind)) method.invoke(benchmark);
    }

    @Test
    void jmhRunsThemAndTellsRates() throws RunnerException {
        RunResult result = new Runner(new OptionsBuilder().include(LinearBenchmark.class.getName() + ".linear").forks(0).verbosity(VerboseMode.SILENT)
            .warmupIterations(0).measurementIterations(1).measurementTime(TimeValue.milliseconds(50)).shouldFailOnError(true)
            .param("model", "b16").param("layer", "out").param("rows", "50").build()).runSingle();
        double runsASecond = result.getPrimaryResult().getScore(), gflops = result.getSecondaryResults().get("gflop").getScore();
        assertTrue(Math.abs(gflops / runsASecond - 2e-9 * 50 * 768 * 768) < 1e-9, gflops + " at " + runsASecond);
    }
}
