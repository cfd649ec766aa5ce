package dev.freecp.bench.cpu;

import dev.freecp.clip.Clip;
import dev.freecp.cpu.VectorOps;
import dev.freecp.ops.Ops;
import java.nio.file.Path;

/** A checkpoint on the CPU with a number of threads. */
record Model(Ops ops, Clip clip, int threads) implements AutoCloseable {

    static Model open(Path folder, int threads) {
        Ops ops = new VectorOps(threads);
        try {
            return new Model(ops, Clip.open(folder, ops), threads);
        } catch (RuntimeException e) {
            ops.close();
            throw e;
        }
    }

    @Override
    public void close() {
        clip.close();
        ops.close();
    }
}
