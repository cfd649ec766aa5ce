package dev.freecp.cli;

import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;

/**
 * Work in two steps: the first of each piece is done beside others on several threads, the second in the order in which the pieces came, one at a
 * time and as soon as may be. After an error no second step is begun.
 */
final class InOrder implements AutoCloseable {

    private final ExecutorService threads;
    private final Semaphore room;
    private Future<?> last = CompletableFuture.completedFuture(null);

    /** @param most how many pieces are under way at most */
    InOrder(int most) {
        threads = Executors.newFixedThreadPool(most, Thread.ofPlatform().daemon().name("freecp-writer-", 1).factory());
        room = new Semaphore(most);
    }

    /**
     * Takes a piece of work, and waits if there are many.
     *
     * @param first gives the second step
     * @throws RuntimeException the error of an earlier piece
     */
    void add(Callable<Runnable> first) {
        if (last.isDone()) finish();
        room.acquireUninterruptibly();
        Future<?> before = last;
        last = threads.submit(() -> {
            try {
                Runnable second;
                try {
                    second = first.call();
                } finally {
                    before.get();               // was begun earlier, so it never waits for this thread; its error came first
                }
                second.run();
                return null;
            } finally {
                room.release();
            }
        });
    }

    /**
     * Waits for everything that was added.
     *
     * @throws RuntimeException the first error among it
     */
    void finish() {
        try {
            last.get();
        } catch (ExecutionException e) {
            Throwable cause = e;
            while (cause instanceof ExecutionException) cause = cause.getCause();         // handed from piece to piece
            if (cause instanceof RuntimeException known) throw known;
            if (cause instanceof Error error) throw error;
            throw new IllegalStateException(cause);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CancellationException("interrupted");
        }
    }

    /** Waits for what is under way. */
    @Override
    public void close() {
        threads.close();
    }
}
