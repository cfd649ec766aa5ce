package dev.freecp.bench.gpu;

import dev.freecp.bench.report.Measurement;
import dev.freecp.cuda.CudaTimer;
import java.util.function.IntConsumer;

/** How often things are done until their time is known. */
final class Meter {

    /** A sample is long beside the events at its ends, and all together are over before one gets bored. */
    private static final double SAMPLE_MILLISECONDS = 0.5, ALL_MILLISECONDS = 200;

    /** Events tell no less. */
    private static final double SHORTEST_MILLISECONDS = 1e-3;

    private static final int FEWEST_SAMPLES = 7, MOST_SAMPLES = 100, MOST_CALLS = 256;

    private final CudaTimer timer;
    private final boolean tiny;

    /** @param tiny once or twice is enough: nobody reads the numbers */
    Meter(CudaTimer timer, boolean tiny) {
        this.timer = timer;
        this.tiny = tiny;
    }

    /**
     * Kernels alone, replayed as a graph.
     *
     * @param sets how many sets of data there are, that caches do not hold them
     * @param call launches kernels on set i
     */
    Measurement kernels(int sets, IntConsumer call) {
        double once = warm(sets, call);
        int calls = tiny ? sets : Math.clamp((long) Math.ceil(SAMPLE_MILLISECONDS / once), sets, MOST_CALLS);
        double[] samples = timer.replays(samples(once * calls), () -> {
            for (int i = 0; i < calls; i++) call.accept(i % sets);
        });
        return Measurement.of(samples, calls);
    }

    /** Calls that also speak with the host, as they come. */
    Measurement calls(int sets, IntConsumer call) {
        double once = warm(sets, call);
        return Measurement.of(timer.calls(samples(once), i -> call.accept(i % sets)), 1);
    }

    /** Milliseconds of a call, roughly. */
    private double warm(int sets, IntConsumer call) {
        for (int i = 0; i < sets; i++) call.accept(i);
        double[] milliseconds = timer.calls(tiny ? 1 : FEWEST_SAMPLES, i -> call.accept(i % sets));
        return Math.max(SHORTEST_MILLISECONDS, Measurement.of(milliseconds, 1).median() / 1000);
    }

    private int samples(double milliseconds) {
        return tiny ? 2 : Math.clamp((long) (ALL_MILLISECONDS / milliseconds), FEWEST_SAMPLES, MOST_SAMPLES);
    }
}
