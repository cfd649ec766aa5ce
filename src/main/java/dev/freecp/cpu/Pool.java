package dev.freecp.cpu;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;

/**
 * A fixed set of daemon threads that share the tasks of one call at a time. The calling thread takes part as worker 0. Tasks are handed out by a counter,
 * so which worker runs which task is not fixed: a task's result must depend on its index alone.
 */
final class Pool implements AutoCloseable {

    /** A piece of work; {@code worker} (below {@link #workers()}) names memory that nobody else uses meanwhile. */
    interface Task {
        void run(int index, int worker);
    }

    /** Long enough to bridge the gap between two operations of a layer, short enough not to be seen in a profile of an idle program. */
    private static final int SPINS = 4000;

    private final Thread[] threads;
    private volatile Job current;
    private volatile boolean closed;

    Pool(int workers) {
        if (workers < 1) throw new IllegalArgumentException("at least one thread is needed, got " + workers);
        threads = new Thread[workers - 1];
        for (int i = 0; i < threads.length; i++) {
            int worker = i + 1;
            threads[i] = Thread.ofPlatform().daemon().name("freecp-cpu-" + worker).start(() -> serve(worker));
        }
    }

    int workers() {
        return threads.length + 1;
    }

    /** Runs tasks 0 .. count - 1 and returns when all are done. The first exception of a task is thrown here; tasks not yet begun are then left out. */
    void run(int count, Task task) {
        if (threads.length == 0 || count <= 1) {
            for (int i = 0; i < count; i++) task.run(i, 0);
            return;
        }
        if (closed) throw new IllegalStateException("the backend is closed");
        Job job = new Job(count, task, Thread.currentThread());
        current = job;
        for (int i = 0; i < Math.min(threads.length, count - 1); i++) LockSupport.unpark(threads[i]);
        job.work(0);
        job.await();
        current = null;
        job.rethrow();
    }

    /** A run of consecutive rows. */
    interface Rows {
        void run(int from, int to, int worker);
    }

    /** Cuts {@code count} rows into runs of at most {@code most}, shorter where there would be too few runs for all workers. */
    void rows(int count, int most, Rows rows) {
        int run = Math.clamp((count + 4 * workers() - 1) / (4 * workers()), 1, most);
        run((count + run - 1) / run, (task, worker) -> rows.run(task * run, Math.min((task + 1) * run, count), worker));
    }

    private void serve(int worker) {
        Job last = null;
        int spins = 0;
        while (!closed) {
            Job job = current;
            if (job != null && job != last) {
                job.work(worker);
                last = job;
                spins = 0;
            } else if (spins++ < SPINS) {
                Thread.onSpinWait();
            } else {
                last = null;
                LockSupport.park(this);
            }
        }
    }

    @Override
    public void close() {
        closed = true;
        for (Thread thread : threads) LockSupport.unpark(thread);
        for (Thread thread : threads) join(thread);
    }

    /** Returns when the thread has ended; an interruption of the one that waits is kept for later. */
    static void join(Thread thread) {
        boolean interrupted = false;
        while (thread.isAlive()) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) Thread.currentThread().interrupt();
    }

    /** One call of {@link #run}. A worker that comes late finds no index left; it can never touch the next call's tasks. */
    private static final class Job {
        private final int count;
        private final Task task;
        private final Thread caller;
        private final AtomicInteger next = new AtomicInteger();
        private final AtomicInteger done = new AtomicInteger();
        private final AtomicReference<Throwable> failure = new AtomicReference<>();

        Job(int count, Task task, Thread caller) {
            this.count = count;
            this.task = task;
            this.caller = caller;
        }

        void work(int worker) {
            int index;
            while ((index = next.getAndIncrement()) < count) {
                try {
                    if (failure.get() == null) task.run(index, worker);
                } catch (Throwable t) {
                    failure.compareAndSet(null, t);
                }
                if (done.incrementAndGet() == count) LockSupport.unpark(caller);
            }
        }

        void await() {
            for (int spins = 0; done.get() < count; spins++) {
                if (spins < SPINS) Thread.onSpinWait();
                else LockSupport.park(this);
            }
        }

        void rethrow() {
            switch (failure.get()) {
                case null -> { }
                case RuntimeException e -> throw e;
                case Error e -> throw e;
                case Throwable t -> throw new IllegalStateException("a task failed", t);
            }
        }
    }
}
