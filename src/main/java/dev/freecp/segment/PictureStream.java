package dev.freecp.segment;

import dev.freecp.error.InputException;
import dev.freecp.image.Picture;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * Many pictures on their way to labels: some ahead are read and resized on threads of their own, groups of them go through the device together, and
 * results come out in the order of the pictures. What is done with a result goes on beside the next group.
 * <pre>{@code
 * Iterator<Supplier<Picture>> pictures = files.stream().<Supplier<Picture>>map(file -> () -> Pictures.read(file)).iterator();
 * try (PictureStream stream = segmenter.stream(pictures, words, SegmentSettings.defaults())) {
 *     while (stream.hasNext()) {
 *         switch (stream.next()) {
 *             case PictureStream.Labelled done -> write(done.segmentation());
 *             case PictureStream.Unreadable broken -> System.err.println(broken.cause().getMessage());
 *         }
 *     }
 * }
 * }</pre>
 * A picture whose supplier throws an {@link InputException} is unreadable, and the others go on. Any other error, of a supplier, the iterator or the
 * device, ends the stream: {@link #next} throws it after all results before it. One thread at a time takes results.
 */
public final class PictureStream implements Iterator<PictureStream.Result>, AutoCloseable {

    /** What became of a picture. */
    public sealed interface Result {

        /** Which picture it was, from 0. */
        int number();
    }

    /**
     * A picture with labels.
     *
     * @param segmentation its seconds begin with those of reading
     */
    public record Labelled(int number, Picture picture, Segmentation segmentation) implements Result {
    }

    /** A picture that could not be read. */
    public record Unreadable(int number, InputException cause) implements Result {
    }

    private final PictureQueue queue;
    private final List<Thread> decoders = new ArrayList<>();
    private final List<Thread> devices = new ArrayList<>();

    /**
     * Starts the threads.
     *
     * @param cut      what is done with a picture right after it was read
     * @param segment  what is computed of the pictures of a group
     * @param decoders number of threads that read
     * @param devices  number of threads that compute, each a group at a time
     */
    PictureStream(PictureQueue queue, BiFunction<Picture, Timings, CutPicture> cut, Function<List<CutPicture>, List<Segmentation>> segment, int decoders, int devices) {
        this.queue = queue;
        for (int i = 1; i <= decoders; i++) this.decoders.add(start("decoder-" + i, () -> decode(cut)));
        for (int i = 1; i <= devices; i++) this.devices.add(start("device-" + i, () -> label(segment)));
    }

    /** Whatever a thread dies of ends the stream. */
    private Thread start(String name, Runnable work) {
        return Thread.ofPlatform().daemon().name("freecp-stream-" + name).start(() -> {
            try {
                work.run();
            } catch (Throwable e) {
                queue.fail(e);
            }
        });
    }

    private void decode(BiFunction<Picture, Timings, CutPicture> cut) {
        for (PictureQueue.Entry entry = queue.begin(); entry != null; entry = queue.begin()) queue.decoded(entry, outcome(entry.source(), cut));
    }

    private static PictureQueue.Outcome outcome(Supplier<Picture> source, BiFunction<Picture, Timings, CutPicture> cut) {
        try {
            Timings timings = new Timings();
            Picture picture = source.get();
            timings.mark("read");
            return new PictureQueue.Ready(cut.apply(picture, timings));
        } catch (InputException e) {
            return new PictureQueue.Broken(e);
        } catch (Throwable e) {
            return new PictureQueue.Fatal(e);
        }
    }

    private void label(Function<List<CutPicture>, List<Segmentation>> segment) {
        for (PictureQueue.Group group = queue.group(); group != null; group = queue.group()) {
            try {
                List<CutPicture> pictures = new ArrayList<>();
                for (PictureQueue.Entry entry : group.entries()) if (entry.outcome() instanceof PictureQueue.Ready(CutPicture picture)) pictures.add(picture);
                Iterator<Segmentation> labels = segment.apply(pictures).iterator();
                queue.done(group, group.entries().stream().map(entry -> result(entry, labels)).toList());
            } catch (Throwable e) {
                queue.fail(group, e);
            }
        }
    }

    private static Result result(PictureQueue.Entry entry, Iterator<Segmentation> labels) {
        return switch (entry.outcome()) {
            case PictureQueue.Ready(CutPicture picture) -> new Labelled(entry.number(), picture.picture(), labels.next());
            case PictureQueue.Broken(InputException cause) -> new Unreadable(entry.number(), cause);
            case PictureQueue.Fatal(Throwable cause) -> throw new IllegalStateException("a picture that ends the stream is in a group", cause);
        };
    }

    /** Waits for the next result; false at the end and after {@link #close}. */
    @Override
    public boolean hasNext() {
        return queue.awaitResult();
    }

    /**
     * The next picture's result.
     *
     * @throws RuntimeException or an error, whatever ended the stream
     * @throws CancellationException if this thread is interrupted while it waits
     */
    @Override
    public Result next() {
        return queue.take();
    }

    /** Ends the stream, at its end or anywhere before it: waits for what is on the device and drops it. No thread is left. */
    @Override
    public void close() {
        queue.close();
        decoders.forEach(Thread::interrupt);
        boolean interrupted = false;
        for (Thread thread : Stream.concat(devices.stream(), decoders.stream()).toList()) interrupted |= join(thread);
        if (interrupted) Thread.currentThread().interrupt();
    }

    /** Waits for the end of a thread in any case; true if this one was interrupted meanwhile. */
    private static boolean join(Thread thread) {
        boolean interrupted = false;
        while (thread.isAlive()) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        return interrupted;
    }
}
