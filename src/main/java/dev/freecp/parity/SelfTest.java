package dev.freecp.parity;

import dev.freecp.error.DeviceException;
import dev.freecp.ops.Ops;
import dev.freecp.ops.Precision;
import dev.freecp.ops.ScalarOps;
import dev.freecp.ops.Workspace;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Every operation of a backend on small seeded inputs, against {@link ScalarOps}: does this machine compute what it should? Needs no file. */
public final class SelfTest {

    private static final long SEED = 1;

    /** Of what is float32 in every precision: the affinity, maps and labels. */
    private static final double FLOAT32_LIMIT = 1e-5;

    /**
     * An operation's worst case.
     *
     * @param operation method of {@link Ops}
     * @param cases     how many sizes and variants were run
     * @param error     the largest difference, as a share of the reference's largest value
     * @param limit     of the error
     * @param fault     what went wrong, or empty
     */
    public record Result(String operation, int cases, double error, double limit, String fault) {

        /** Whether all cases hold. */
        public boolean pass() {
            return fault.isEmpty();
        }
    }

    private final Ops ops;
    private final Precision precision;

    private SelfTest(Ops ops, Precision precision) {
        this.ops = ops;
        this.precision = precision;
    }

    /**
     * Runs every operation.
     *
     * @param precision what the towers of {@code ops} compute in
     * @param thorough  many sizes, odd, single and large, which takes a minute; otherwise one or two of each, in a second
     * @return one result an operation
     */
    public static List<Result> run(Ops ops, Precision precision, boolean thorough) {
        SelfTest test = new SelfTest(ops, precision);
        Map<String, Result> results = new LinkedHashMap<>();
        try (Ops reference = new ScalarOps()) {
            for (SelfTestCases.Case one : new SelfTestCases(thorough).all()) results.merge(one.operation(), test.compare(reference, one), SelfTest::worse);
        }
        return new ArrayList<>(results.values());
    }

    private static Result worse(Result a, Result b) {
        Result worse = a.pass() && (!b.pass() || b.error > a.error) ? b : a;
        return new Result(worse.operation, a.cases + b.cases, worse.error, worse.limit, worse.fault);
    }

    private Result compare(Ops reference, SelfTestCases.Case one) {
        double limit = one.tower() ? towerLimit(precision) : FLOAT32_LIMIT;
        try {
            float[] expected = results(reference, one), actual = results(ops, one);
            if (expected.length != actual.length) return new Result(one.operation(), 1, Double.NaN, limit, one + ": " + actual.length + " numbers, wanted " + expected.length);
            return judge(one, expected, actual, limit);
        } catch (DeviceException e) {
            return new Result(one.operation(), 1, Double.NaN, limit, one + ": " + e.getMessage());
        }
    }

    private static float[] results(Ops ops, SelfTestCases.Case one) {
        try (Workspace memory = ops.workspace()) {
            return one.call().run(new Trial(ops, memory, SEED));
        }
    }

    /** Accepts rather than rejects, so that NaN and infinity cannot slip through. */
    private static Result judge(SelfTestCases.Case one, float[] expected, float[] actual, double limit) {
        double scale = 0, error = 0;
        for (float value : expected) scale = Math.max(scale, Math.abs(value));
        for (int i = 0; i < expected.length; i++) {
            double difference = Math.abs(expected[i] - actual[i]) / (scale == 0 ? 1 : scale);
            if (!(difference <= limit)) return new Result(one.operation(), 1, difference, limit, one + ": number " + i + " is " + actual[i] + ", wanted " + expected[i]);
            error = Math.max(error, difference);
        }
        return new Result(one.operation(), 1, error, limit, "");
    }

    /** A few units of the last place of what activations are stored in: softmax weights are rounded before they are multiplied, and sums after. */
    private static double towerLimit(Precision precision) {
        return switch (precision) {
            case FP32 -> FLOAT32_LIMIT;
            case TF32, FP16 -> 2e-3;
            case BF16 -> 1.5e-2;
        };
    }
}
