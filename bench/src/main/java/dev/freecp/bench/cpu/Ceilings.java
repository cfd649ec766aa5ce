package dev.freecp.bench.cpu;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Map;
import java.util.function.IntConsumer;
import java.util.stream.IntStream;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/** What this machine can do at most: multiplications and additions without memory, and copies of more than its caches hold. */
final class Ceilings {

    private static final VectorSpecies<Float> SPECIES = FloatVector.SPECIES_PREFERRED;

    /** Chains that do not wait for each other: two units that need four to five clocks each are kept busy by ten. */
    private static final int CHAINS = 12;

    private static final int STEPS = 1 << 17;

    /** Beyond the caches that a few threads can fill. */
    private static final long COPIED = 1L << 29, TINY_COPIED = 1L << 20;

    private final ProcessorTime time;

    private final long copied;

    Ceilings(ProcessorTime time, boolean tiny) {
        this.time = time;
        this.copied = tiny ? TINY_COPIED : COPIED;
    }

    List<Contender> of(int threads) {
        double flop = 2e-9 * CHAINS * SPECIES.length() * STEPS * threads;
        Arena arena = Arena.ofAuto();
        MemorySegment from = arena.allocate(copied, 64).fill((byte) 1), to = arena.allocate(copied, 64).fill((byte) 2);
        float[] sums = new float[threads];
        Map<String, Object> width = Map.of("vector bits", SPECIES.vectorBitSize());
        return List.of(
            new Contender("ceilings", "arithmetic", Contender.PEAK, threads, flop, Contender.Unit.GFLOP, width,
                () -> Lap.of(time, () -> together(threads, thread -> sums[thread] = multiplyAndAdd(STEPS, 0.999999f)))),
            new Contender("ceilings", "memory", "copy of " + (copied >> 20) + " MB", threads, 2e-9 * copied, Contender.Unit.GIGABYTE, Map.of(),
                () -> Lap.of(time, () -> together(threads, thread -> {
                    long part = copied / threads;
                    to.asSlice(thread * part, part).copyFrom(from.asSlice(thread * part, part));
                }))));
    }

    /** On as many threads, the calling one among them. */
    private static void together(int threads, IntConsumer work) {
        List<Thread> others = IntStream.range(1, threads).mapToObj(thread -> Thread.ofPlatform().start(() -> work.accept(thread))).toList();
        work.accept(0);
        try {
            for (Thread other : others) other.join();
        } catch (InterruptedException e) {
            throw new IllegalStateException("interrupted while measuring", e);
        }
    }

    /** Twelve chains in named variables: accumulators in an array would go through memory. Values stay finite because the factor is below one. */
    private static float multiplyAndAdd(int steps, float factor) {
        FloatVector x = FloatVector.broadcast(SPECIES, factor), y = FloatVector.broadcast(SPECIES, 1e-6f);
        FloatVector a = y, b = y, c = y, d = y, e = y, f = y, g = y, h = y, i = y, j = y, k = y, l = y;
        for (int step = 0; step < steps; step++) {
            a = a.fma(x, y);
            b = b.fma(x, y);
            c = c.fma(x, y);
            d = d.fma(x, y);
            e = e.fma(x, y);
            f = f.fma(x, y);
            g = g.fma(x, y);
            h = h.fma(x, y);
            i = i.fma(x, y);
            j = j.fma(x, y);
            k = k.fma(x, y);
            l = l.fma(x, y);
        }
        return a.add(b).add(c).add(d).add(e).add(f).add(g).add(h).add(i).add(j).add(k).add(l).lane(0);
    }
}
