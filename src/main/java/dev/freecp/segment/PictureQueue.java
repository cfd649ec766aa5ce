package dev.freecp.segment;

import dev.freecp.error.InputException;
import dev.freecp.image.Picture;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Objects;
import java.util.concurrent.CancellationException;
import java.util.function.Supplier;

/**
 * The pictures of a {@link PictureStream} and how far each is. The threads that decode, those that compute and the one that takes results meet
 * here and nowhere else. Pictures that are begun and not yet taken are bounded in number and in bytes: who takes slowly slows the others down.
 */
final class PictureQueue {

    /** Beside the groups that are computed one is decoded, and one is done and not yet taken. */
    private static final int WAITING_GROUPS = 2;

    private final Iterator<? extends Supplier<Picture>> sources;
    private final Object turn = new Object();                           // whose holder may ask for the next source
    private final Object grouping = new Object();                       // whose holder may take pictures for a group
    private final Limits limits;
    private final int most;                                             // pictures begun and not yet taken
    private final Deque<Entry> begun = new ArrayDeque<>();              // in order, until they are in a group
    private final Deque<Group> groups = new ArrayDeque<>();             // in order, until all their results are taken
    private int count;                                                  // of all pictures begun so far
    private int inside;                                                 // begun and not yet taken
    private long bytes;                                                 // of what is decoded and not yet taken
    private boolean noMore;                                             // pictures
    private boolean ended;                                              // no group follows those in groups
    private boolean closed;

    /**
     * When a group is full.
     *
     * @param pictures at most so many, readable or not
     * @param windows  at most so many, unless a single picture has more
     * @param bytes    of pictures, labels and confidences that are inside at once, about; a group is full at half of it
     */
    record Limits(int pictures, int windows, long bytes) {
    }

    /** What came of reading a picture. */
    sealed interface Outcome {
    }

    /** It is there and may have its turn. */
    record Ready(CutPicture picture) implements Outcome {
    }

    /** It alone is at fault. */
    record Broken(InputException cause) implements Outcome {
    }

    /** Something is wrong that is no fault of this picture, and the stream ends here. */
    record Fatal(Throwable cause) implements Outcome {
    }

    /** A picture that was begun. */
    static final class Entry {
        private final int number;
        private final Supplier<Picture> source;
        private Outcome outcome;

        private Entry(int number, Supplier<Picture> source) {
            this.number = number;
            this.source = source;
        }

        int number() {
            return number;
        }

        Supplier<Picture> source() {
            return source;
        }

        /** Null until it is decoded; never {@link Fatal} in a group. */
        Outcome outcome() {
            return outcome;
        }

        private long bytes() {
            return outcome instanceof Ready ready ? ready.picture.bytes() : 0;
        }

        private int windows() {
            return outcome instanceof Ready ready ? ready.picture.windows().size() : 0;
        }
    }

    /** Pictures that are computed together, or the error that comes in their place. */
    static final class Group {
        private final List<Entry> entries;
        private final Deque<PictureStream.Result> results = new ArrayDeque<>();      // not yet taken
        private Throwable failure;

        private Group(List<Entry> entries) {
            this.entries = entries;
        }

        List<Entry> entries() {
            return entries;
        }

        private boolean isTold() {
            return !results.isEmpty() || failure != null;
        }
    }

    /** @param devices how many groups are computed at once */
    PictureQueue(Iterator<? extends Supplier<Picture>> sources, Limits limits, int devices) {
        this.sources = sources;
        this.limits = limits;
        this.most = Math.clamp((long) (devices + WAITING_GROUPS) * limits.pictures, 1, Integer.MAX_VALUE);
    }

    // ---- threads that decode ----------------------------------------------------------------------------------------------------------

    /** The next picture to decode, when there is room for it; null if there is none any more. One thread at a time asks the iterator, without the lock. */
    Entry begin() {
        synchronized (turn) {
            if (!awaitRoom()) return null;
            try {
                if (sources.hasNext()) return enter(Objects.requireNonNull(sources.next(), "a picture has no source"));
            } catch (Throwable e) {                                     // the iterator is somebody else's
                decoded(enter(null), new Fatal(e));
            }
            end();
            return null;
        }
    }

    private synchronized boolean awaitRoom() {
        while (!ending() && (inside >= most || bytes >= limits.bytes)) pause();
        return !ending();
    }

    private boolean ending() {
        return stopped() || noMore;
    }

    private synchronized Entry enter(Supplier<Picture> source) {
        Entry entry = new Entry(count++, source);
        inside++;
        begun.add(entry);
        return entry;
    }

    private synchronized void end() {
        noMore = true;
        notifyAll();
    }

    synchronized void decoded(Entry entry, Outcome outcome) {
        entry.outcome = outcome;
        bytes += entry.bytes();
        notifyAll();
    }

    // ---- threads that compute ---------------------------------------------------------------------------------------------------------

    /** The next pictures, in order, when a group is full or there are no more; null at the end. Which pictures are a group depends on nothing but them. */
    Group group() {
        synchronized (grouping) {
            return nextGroup();
        }
    }

    private synchronized Group nextGroup() {
        List<Entry> entries = new ArrayList<>();
        int windows = 0;
        long inGroup = 0;
        while (entries.size() < limits.pictures && (entries.isEmpty() || inGroup < limits.bytes / 2)) {
            while (!stopped() && (begun.isEmpty() ? !noMore : begun.peek().outcome == null)) pause();
            if (stopped()) return null;
            Entry next = begun.peek();
            if (next != null && next.outcome instanceof Fatal fatal && entries.isEmpty()) fail(fatal.cause);
            boolean full = windows > 0 && next != null && windows + next.windows() > limits.windows;
            if (next == null || next.outcome instanceof Fatal || full) break;
            windows += next.windows();
            inGroup += next.bytes();
            entries.add(begun.remove());
        }
        if (entries.isEmpty()) {
            ended = true;
            notifyAll();
            return null;
        }
        Group group = new Group(entries);
        groups.add(group);
        return group;
    }

    private boolean stopped() {
        return closed || ended;
    }

    /** Hands a group's results on, one for each of its pictures. */
    synchronized void done(Group group, List<PictureStream.Result> results) {
        group.results.addAll(results);
        notifyAll();
    }

    /** Ends the stream with an error in a group's place; groups after it are not told. */
    synchronized void fail(Group group, Throwable cause) {
        group.failure = cause;
        ended = true;
        notifyAll();
    }

    /** Ends the stream with an error after all groups so far. */
    synchronized void fail(Throwable cause) {
        Group place = new Group(List.of());
        groups.add(place);
        fail(place, cause);
    }

    // ---- the thread that takes results ------------------------------------------------------------------------------------------------

    /** Whether {@link #take} has a result, or an error, to come out with. */
    synchronized boolean awaitResult() {
        while (!closed && !(groups.isEmpty() ? ended : groups.peek().isTold())) pause();
        return !closed && !groups.isEmpty();
    }

    synchronized PictureStream.Result take() {
        if (!awaitResult()) throw new NoSuchElementException("all pictures were taken");
        Group group = groups.peek();
        if (group.results.isEmpty()) {
            switch (group.failure) {
                case RuntimeException e -> throw e;
                case Error e -> throw e;
                default -> throw new IllegalStateException("a picture's source failed", group.failure);
            }
        }
        bytes -= group.entries.get(group.entries.size() - group.results.size()).bytes();
        inside--;
        PictureStream.Result next = group.results.remove();
        if (group.results.isEmpty()) groups.remove();
        notifyAll();
        return next;
    }

    /** Lets nothing further in or out. */
    synchronized void close() {
        closed = true;
        groups.clear();
        notifyAll();
    }

    private void pause() {
        try {
            wait();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CancellationException("interrupted");
        }
    }
}
