package dev.freecp.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.freecp.error.InputException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

class InOrderTest {

    private final List<String> done = new ArrayList<>();      // by second steps only, one at a time

    private Callable<Runnable> piece(String name) {
        return () -> () -> done.add(name);
    }

    @Test
    void secondStepsComeInOrderThoughFirstStepsDoNot() {
        CountDownLatch later = new CountDownLatch(2);
        try (InOrder work = new InOrder(3)) {
            work.add(() -> {
                later.await();                      // is only opened if the other two are done beside this one
                return piece("a").call();
            });
            for (String name : List.of("b", "c"))
                work.add(() -> {
                    later.countDown();
                    return piece(name).call();
                });
            work.finish();
            assertEquals(List.of("a", "b", "c"), done);
        }
    }

    @Test
    void whoAddsMoreThanThereIsRoomForWaits() throws InterruptedException {
        CountDownLatch later = new CountDownLatch(1);
        try (InOrder work = new InOrder(2)) {
            Thread adding = Thread.ofPlatform().start(() -> {
                for (String name : List.of("a", "b", "c"))
                    work.add(() -> {
                        later.await();
                        return piece(name).call();
                    });
            });
            while (adding.getState() != Thread.State.WAITING && adding.isAlive()) Thread.yield();
            boolean waits = adding.isAlive();
            later.countDown();
            adding.join();
            assertTrue(waits, "a third piece was taken");
            work.finish();
        }
        assertEquals(List.of("a", "b", "c"), done);
    }

    @Test
    void theFirstErrorInOrderIsToldAndNothingAfterItIsDone() {
        InputException full = new InputException("the disk is full");
        CountDownLatch later = new CountDownLatch(1);
        try (InOrder work = new InOrder(4)) {
            work.add(piece("a"));
            work.add(() -> {
                later.await();
                return () -> {
                    throw full;
                };
            });
            work.add(() -> {
                later.countDown();
                throw new IllegalStateException("happens first, and comes second");
            });
            work.add(piece("d"));
            assertSame(full, assertThrows(RuntimeException.class, work::finish));
            for (int i = 0; i < 9; i++) assertSame(full, assertThrows(RuntimeException.class, () -> work.add(piece("e"))));
            assertEquals(List.of("a"), done);
        }
    }
}
