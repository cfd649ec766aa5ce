package dev.freecp.serve;

import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Bounded work. A place is taken before a request's body is read, so that what waits takes no more memory than the queue has places. Two workers: one
 * reads and writes pictures while the other has the device.
 */
final class WorkQueue implements AutoCloseable {

    private static final int WORKERS = 2;
    private static final int MOST_SECONDS_TO_WAIT = 600;

    private final int places;
    private final Semaphore free;
    private final ExecutorService workers = Executors.newFixedThreadPool(WORKERS, Thread.ofPlatform().name("serve-", 0).factory());
    private final AtomicInteger taken = new AtomicInteger();
    private final AtomicLong jobs = new AtomicLong(), nanos = new AtomicLong();

    /** @param waiting how many may wait while the workers work */
    WorkQueue(int waiting) {
        this.places = waiting + WORKERS;
        this.free = new Semaphore(places);
    }

    /** A place in the queue, to be given back by closing it. */
    final class Place implements AutoCloseable {

        /** Waits for its turn and does the work; what that throws comes out. */
        <T> T work(Callable<T> work) throws Exception {
            Future<T> result = workers.submit(() -> {
                long start = System.nanoTime();
                try {
                    return work.call();
                } finally {
                    nanos.addAndGet(System.nanoTime() - start);
                    jobs.incrementAndGet();
                }
            });
            try {
                return result.get();
            } catch (ExecutionException e) {
                if (e.getCause() instanceof Exception known) throw known;
                throw e;
            }
        }

        @Override
        public void close() {
            taken.decrementAndGet();
            free.release();
        }
    }

    /** @throws Refusal if there is no place */
    Place enter() {
        if (!free.tryAcquire())
            throw new Refusal(Refusal.TOO_MANY, "the queue is full; ask again later", Map.of("Retry-After", Integer.toString(secondsToWait())));
        taken.incrementAndGet();
        return new Place();
    }

    /** Until the queue as it is has been worked off, as far as one can tell. */
    private int secondsToWait() {
        double each = jobs.get() == 0 ? 1 : nanos.get() * 1e-9 / jobs.get();
        return (int) Math.clamp(Math.ceil(each * places / WORKERS), 1, MOST_SECONDS_TO_WAIT);
    }

    /** Requests that wait or are being worked on. */
    int length() {
        return taken.get();
    }

    /** Ends the workers when they have done what they began. */
    @Override
    public void close() {
        workers.shutdown();
        try {
            if (!workers.awaitTermination(1, TimeUnit.MINUTES)) workers.shutdownNow();
        } catch (InterruptedException e) {
            workers.shutdownNow();
            Thread.currentThread().interrupt();
        }
    }
}
