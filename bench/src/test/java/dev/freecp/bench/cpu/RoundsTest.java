package dev.freecp.bench.cpu;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.freecp.bench.report.Budget;
import dev.freecp.bench.report.Result;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class RoundsTest {

    private final List<String> order = new ArrayList<>();

    /** @param seconds of processor time, one number a round; twice as long on the wall */
    private Contender contender(String who, int threads, double amount, double... seconds) {
        Iterator<Double> rounds = Arrays.stream(seconds).iterator();
        return new Contender("tower", "batch 1", who, threads, amount, Contender.Unit.GFLOP, Map.of(), () -> {
            order.add(who);
            double s = rounds.next();
            return new Lap(s, 2 * s / threads);
        });
    }

    private List<Result> run(double minutes, Contender... contenders) {
        Rounds rounds = new Rounds(new ProcessorTime(), List.of(contenders), true);
        rounds.run(3, new Budget(minutes), _ -> { });
        return rounds.results();
    }

    @Test
    void contendersTakeTurnsAndAreComparedWithinARound() {
        Contender peak = new Contender("ceilings", "arithmetic", Contender.PEAK, 1, 40, Contender.Unit.GFLOP, Map.of(), () -> new Lap(0.4, 0.4));
        // The machine is half as fast in the last two rounds, which changes no comparison.
        List<Result> results = run(9, peak, contender("freecp", 1, 60, 1, 2, 2), contender("torch", 1, 60, 1.5, 3, 3.2));
        assertEquals(List.of("freecp", "torch", "freecp", "torch", "freecp", "torch"), order);
        assertEquals(30, results.get(1).value());
        assertEquals(15.0, results.get(1).extra().get("on the wall"));
        assertEquals(1.5, (double) results.get(1).extra().get("ratio to torch"), 1e-12);
        assertEquals(0.3, (double) results.get(1).extra().get("share of peak"), 1e-12);
        assertEquals(20, results.get(2).value());
        assertEquals(null, results.get(2).extra().get("ratio to freecp"));
    }

    @Test
    void threadsAreComparedOnTheWall() {
        List<Result> results = run(9, contender("freecp", 1, 60, 2, 2, 2), contender("freecp", 2, 60, 2.2, 2.5, 2.2));
        assertEquals("freecp, 2 threads", results.get(1).implementation());
        assertEquals(2 / 1.1, (double) results.get(1).extra().get("ratio to one thread, on the wall"), 1e-12);
    }

    @Test
    void picturesOfMoreClassesAreComparedWithThoseOfFew() {
        Contender few = new Contender("picture", "20 classes", "freecp", 1, 1, Contender.Unit.PICTURES, Map.of(), () -> new Lap(2, 2));
        Contender many = new Contender("picture", "171 classes", "freecp", 1, 1, Contender.Unit.PICTURES, Map.of(), () -> new Lap(2.5, 2.5));
        Result result = run(9, few, many).getLast();
        assertEquals(2.5, result.value());
        assertEquals(1.25, (double) result.extra().get("ratio to 20 classes"), 1e-12);
    }

    @Test
    void oneRoundIsAlwaysDone() {
        assertEquals(1, run(0, contender("freecp", 1, 60, 1, 2, 3)).getFirst().time().samples());
    }
}
