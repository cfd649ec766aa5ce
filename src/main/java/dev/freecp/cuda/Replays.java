package dev.freecp.cuda;

import dev.freecp.ops.MemoryPool;
import dev.freecp.ops.Workspace;
import dev.freecp.tensor.DType;
import dev.freecp.tensor.Shape;
import dev.freecp.tensor.Tensor;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * {@link dev.freecp.ops.Ops#repeat} on a GPU. The first time work is done as it comes, which loads its kernels and takes its memory; the second time it is
 * captured; from then on its graph is launched. A graph holds addresses: it counts only for tensors at the same places, and while nobody else holds the
 * memory that its scratch lay in. Pictures that follow each other are given the same pieces of a pool, so most of the time it counts.
 */
final class Replays implements AutoCloseable {

    /** Graphs kept; those longest unused go first. Room for a few sizes of windows and many numbers of crops. */
    private static final int MOST = 64;

    private final CudaDevice device;
    private final MemoryPool pool;
    private final Map<Key, Known> known = new LinkedHashMap<>(16, 0.75f, true);

    /** @param addresses of the work's tensors, and where its scratch begins */
    private record Key(Object name, List<Long> addresses) {
    }

    /** @param graph null until the work comes a second time */
    private record Known(MemoryPool.Footprint footprint, CudaGraph graph) {
    }

    Replays(CudaDevice device, MemoryPool pool) {
        this.device = device;
        this.pool = pool;
    }

    /** Does {@code work}, or what it did before. */
    void repeat(Object name, List<Tensor> tensors, Workspace out, Consumer<Workspace> work) {
        try (Workspace scratch = out.scope()) {
            if (device.isCapturing()) {
                work.accept(scratch);
                return;
            }
            Tensor start = scratch.tensor("start of scratch", Shape.of("byte", 1), DType.U8);
            List<Long> addresses = Stream.concat(tensors.stream(), Stream.of(start)).map(DeviceMemory::addressOf).toList();
            Key key = new Key(name, addresses);
            Known before = known.get(key);
            if (before == null || !pool.isFree(before.footprint, scratch)) {
                forget(key);
                remember(key, new Known(pool.footprint(scratch, () -> work.accept(scratch)), null));
            } else if (before.graph == null) {
                CudaGraph[] graph = new CudaGraph[1];
                MemoryPool.Footprint footprint = pool.footprint(scratch, () -> graph[0] = CudaGraph.capture(device, () -> work.accept(scratch)));
                remember(key, new Known(footprint, graph[0]));
                graph[0].launch();
            } else {
                before.graph.launch();
            }
        }
    }

    private void remember(Key key, Known now) {
        known.put(key, now);
        if (known.size() > MOST) forget(known.keySet().iterator().next());
    }

    private void forget(Key key) {
        Known gone = known.remove(key);
        if (gone != null && gone.graph != null) gone.graph.close();
    }

    /** How many graphs are kept. */
    int graphs() {
        return (int) known.values().stream().filter(k -> k.graph != null).count();
    }

    @Override
    public void close() {
        List.copyOf(known.keySet()).forEach(this::forget);
    }
}
