package dev.freecp.convert;

import dev.freecp.cli.Terminal;
import dev.freecp.tensor.Tensor;
import dev.freecp.weights.LazyTensor;
import java.util.LinkedHashMap;
import java.util.Map;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;

/** How far the writing or reading of a large file is, in MB; only on a terminal. */
final class Progress implements AutoCloseable {

    private static final long LARGE_BYTES = 100_000_000;
    private static final int MEGABYTE = 1_000_000;
    private static final int WIDTH = 79;

    private final String task;
    private final boolean watched;
    private ProgressBar bar;

    private Progress(String task, boolean watched) {
        this.task = task;
        this.watched = watched;
    }

    /** Progress of {@code task}, shown if standard error is a terminal. */
    static Progress of(String task) {
        return new Progress(task, Terminal.isStandardError());
    }

    static Progress silent() {
        return new Progress("", false);
    }

    /** The task has so many bytes. */
    void start(long bytes) {
        if (!watched || bytes < LARGE_BYTES) return;
        bar = new ProgressBarBuilder().setTaskName(task).setInitialMax(bytes).setUnit(" MB", MEGABYTE).setStyle(ProgressBarStyle.ASCII).setMaxRenderedLength(WIDTH).showSpeed().build();
    }

    void step(long bytes) {
        if (bar != null) bar.stepBy(bytes);
    }

    /** The same tensors, each a step when it is made. */
    Map<String, LazyTensor> watch(Map<String, LazyTensor> tensors) {
        start(tensors.values().stream().mapToLong(Progress::bytes).sum());
        Map<String, LazyTensor> watched = new LinkedHashMap<>();
        tensors.forEach((name, tensor) -> watched.put(name, new LazyTensor(tensor.type(), tensor.shape(), arena -> {
            Tensor made = tensor.making().apply(arena);
            step(bytes(tensor));
            return made;
        })));
        return watched;
    }

    private static long bytes(LazyTensor tensor) {
        return tensor.shape().count() * tensor.type().bytes();
    }

    @Override
    public void close() {
        if (bar != null) bar.close();
    }
}
