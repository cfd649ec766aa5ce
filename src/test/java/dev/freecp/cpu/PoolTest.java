package dev.freecp.cpu;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import org.junit.jupiter.api.Test;

class PoolTest {

    @Test
    void everyTaskRunsOnce() {
        try (Pool pool = new Pool(4)) {
            for (int count = 0; count < 300; count++) {
                AtomicIntegerArray runs = new AtomicIntegerArray(count);
                pool.run(count, (index, worker) -> runs.incrementAndGet(index));
                for (int i = 0; i < count; i++) assertEquals(1, runs.get(i));
            }
        }
    }

    /** Tasks that wait for each other would hang if fewer threads took part; each finds a worker number of its own. */
    @Test
    void allThreadsTakePart() {
        try (Pool pool = new Pool(3)) {
            CyclicBarrier barrier = new CyclicBarrier(3);
            Set<Integer> workers = ConcurrentHashMap.newKeySet();
            pool.run(3, (index, worker) -> {
                workers.add(worker);
                try {
                    barrier.await();
                } catch (Exception e) {
                    throw new IllegalStateException(e);
                }
            });
            assertEquals(Set.of(0, 1, 2), workers);
        }
    }

    @Test
    void exceptionsReachTheCallerAndThePoolGoesOn() {
        try (Pool pool = new Pool(3)) {
            IllegalStateException thrown = new IllegalStateException("task 17");
            for (int repeat = 0; repeat < 50; repeat++) {
                assertSame(thrown, assertThrows(IllegalStateException.class, () -> pool.run(40, (index, worker) -> {
                    if (index == 17) throw thrown;
                })));
                AtomicInteger sum = new AtomicInteger();
                pool.run(10, (index, worker) -> sum.addAndGet(index));
                assertEquals(45, sum.get());
            }
        }
    }

    @Test
    void closeEndsTheThreads() {
        Set<Thread> threads = ConcurrentHashMap.newKeySet();
        CyclicBarrier barrier = new CyclicBarrier(3);
        Pool pool = new Pool(3);
        pool.run(3, (index, worker) -> {
            threads.add(Thread.currentThread());
            try {
                barrier.await();
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        });
        pool.close();
        threads.remove(Thread.currentThread());
        assertEquals(2, threads.size());
        for (Thread thread : threads) assertFalse(thread.isAlive());
        assertThrows(IllegalStateException.class, () -> pool.run(5, (index, worker) -> { }));
    }

    @Test
    void severalPoolsWorkSideBySide() throws InterruptedException {
        AtomicInteger failures = new AtomicInteger();
        Thread[] callers = new Thread[3];
        for (int c = 0; c < callers.length; c++) {
            callers[c] = Thread.ofPlatform().start(() -> {
                try (Pool pool = new Pool(2)) {
                    for (int i = 0; i < 200; i++) {
                        AtomicInteger done = new AtomicInteger();
                        pool.run(20, (index, worker) -> done.incrementAndGet());
                        if (done.get() != 20) failures.incrementAndGet();
                    }
                }
            });
        }
        for (Thread caller : callers) caller.join();
        assertEquals(0, failures.get());
    }

    @Test
    void runsOfRowsCoverAll() {
        try (Pool pool = new Pool(2)) {
            for (int count : new int[] {0, 1, 7, 64, 577}) {
                AtomicIntegerArray rows = new AtomicIntegerArray(count);
                pool.rows(count, 16, (from, to, worker) -> {
                    assertTrue(to - from <= 16);
                    for (int row = from; row < to; row++) rows.incrementAndGet(row);
                });
                for (int row = 0; row < count; row++) assertEquals(1, rows.get(row));
            }
        }
    }
}
