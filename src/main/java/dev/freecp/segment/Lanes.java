package dev.freecp.segment;

import dev.freecp.clip.Clip;
import dev.freecp.error.DeviceException;
import dev.freecp.ops.Ops;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;

/**
 * The instances of the backend that a segmenter computes on. There is one, and more where the backend has something to win by it ({@link Ops#beside}): while
 * the host decides about the pictures of one, the device has the other's. They are opened when so many threads first want to compute at once.
 */
final class Lanes implements AutoCloseable {

    private final Clip clip;
    private final List<Lane> all = new ArrayList<>();
    private final List<Lane> free = new ArrayList<>();
    private final Lane first;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition given = lock.newCondition();
    private int most;

    /**
     * @param ops  closed with the lanes
     * @param most how many there may be
     */
    Lanes(Clip clip, Ops ops, int most) {
        this.clip = clip;
        this.most = most;
        this.first = new Lane(ops, clip.vision(), clip.logitScale());
        add(first);
    }

    private void add(Lane lane) {
        all.add(lane);
        free.add(lane);
    }

    /** The instance that the weights came with; the text tower runs there. */
    Lane first() {
        return first;
    }

    /** Computes on whichever lane is free first. */
    <T> T on(Function<Lane, T> work) {
        return with(takeAny(), work);
    }

    /** Computes on a certain lane, when it is free. */
    <T> T on(Lane lane, Function<Lane, T> work) {
        take(lane);
        return with(lane, work);
    }

    private <T> T with(Lane lane, Function<Lane, T> work) {
        try {
            return work.apply(lane);
        } finally {
            give(lane);
        }
    }

    private Lane takeAny() {
        lock.lock();
        try {
            if (free.isEmpty() && all.size() < most) openAnother();
            while (free.isEmpty()) given.awaitUninterruptibly();        // a computation is never given up halfway
            return free.removeFirst();                                  // the first lane has the most graphs and the text of before
        } finally {
            lock.unlock();
        }
    }

    /** One is enough to go on with, so a device that has no room for a second is no fault. */
    private void openAnother() {
        try {
            Optional<Ops> beside = first.ops().beside();
            beside.ifPresentOrElse(ops -> add(new Lane(ops, clip.vision().on(ops), clip.logitScale())), () -> most = all.size());
        } catch (DeviceException e) {
            most = all.size();
            System.getLogger(Lanes.class.getName()).log(System.Logger.Level.DEBUG, "pictures take turns: {0}", e.getMessage());
        }
    }

    private void take(Lane lane) {
        lock.lock();
        try {
            while (!free.remove(lane)) given.awaitUninterruptibly();
        } finally {
            lock.unlock();
        }
    }

    private void give(Lane lane) {
        lock.lock();
        try {
            if (lane == first) free.addFirst(lane);
            else free.addLast(lane);
            given.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Waits for what is being computed; the first lane is closed last. */
    @Override
    public void close() {
        for (Lane lane : List.copyOf(all)) take(lane);
        try (Lane last = first) {
            for (Lane lane : all) if (lane != first) lane.close();
        } finally {
            all.forEach(this::give);                                    // who comes late is told that the backend is closed
        }
    }
}
