package dev.freecp.segment;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.freecp.error.DeviceException;
import dev.freecp.error.InputException;
import dev.freecp.error.UsageException;
import dev.freecp.image.LabelMap;
import dev.freecp.image.Picture;
import dev.freecp.image.Pictures;
import dev.freecp.image.ResizeRule;
import dev.freecp.ops.Region;
import dev.freecp.purify.PurifySettings;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The order, bounds and ends of a stream, with a device that only numbers pictures; and once with a real one. */
class PictureStreamTest {

    private static final Path DATA = Path.of(System.getProperty("freecp.testdata"));
    private static final String THREADS = "freecp-stream-";
    /** Of a picture of one pixel: twice three bytes, a label and a confidence. */
    private static final int BYTES = 14;

    /** Names of the pictures of each group that was on the device. */
    private final List<String> groups = Collections.synchronizedList(new ArrayList<>());

    @AfterEach
    void noThreadIsLeft() {
        assertEquals(List.of(), Thread.getAllStackTraces().keySet().stream().filter(thread -> thread.getName().startsWith(THREADS) && thread.isAlive()).toList());
    }

    /** A picture of one pixel. */
    private static Supplier<Picture> picture(String name) {
        return () -> Picture.of(name, 1, 1, new byte[3]);
    }

    private static List<Supplier<Picture>> pictures(int count) {
        return IntStream.range(0, count).mapToObj(i -> picture("p" + i)).toList();
    }

    private static Supplier<Picture> thatThrows(RuntimeException e) {
        return () -> {
            throw e;
        };
    }

    /** As many windows as the last digit of its name. */
    private static CutPicture cut(Picture picture, Timings timings) {
        int windows = Character.digit(picture.name().charAt(picture.name().length() - 1), 10);
        return new CutPicture(picture, picture, Collections.nCopies(windows, new Region(0, 0, 1, 1)), false, 1, timings.seconds());
    }

    private List<Segmentation> number(List<CutPicture> group) {
        groups.add(String.join(" ", group.stream().map(cut -> cut.picture().name()).toList()));
        return group.stream().map(cut -> new Segmentation(new LabelMap(1, 1, new int[1]), new float[1], null, cut.windows(), List.of(), Map.of())).toList();
    }

    private PictureStream stream(Iterator<Supplier<Picture>> pictures, PictureQueue.Limits limits, int decoders) {
        return new PictureStream(new PictureQueue(pictures, limits, 1), PictureStreamTest::cut, this::number, decoders, 1);
    }

    private static PictureQueue.Limits groupsOf(int pictures) {
        return new PictureQueue.Limits(pictures, Integer.MAX_VALUE, Long.MAX_VALUE);
    }

    /** What each result is called: a name, or a message. */
    private static List<String> takeAll(PictureStream stream) {
        List<String> taken = new ArrayList<>();
        while (stream.hasNext()) {
            PictureStream.Result result = stream.next();
            assertEquals(taken.size(), result.number());
            taken.add(switch (result) {
                case PictureStream.Labelled labelled -> labelled.picture().name();
                case PictureStream.Unreadable unreadable -> unreadable.cause().getMessage();
            });
        }
        return taken;
    }

    @Test
    void resultsComeInTheOrderOfThePicturesHoweverLongTheyTake() {
        CountDownLatch others = new CountDownLatch(2);
        Supplier<Picture> slow = () -> {
            await(others);
            return picture("p0").get();
        };
        Stream<Supplier<Picture>> quick = Stream.of("p1", "p2").map(name -> () -> {
            others.countDown();
            return picture(name).get();
        });
        try (PictureStream stream = stream(Stream.concat(Stream.of(slow), quick).iterator(), groupsOf(1), 2)) {
            assertEquals(List.of("p0", "p1", "p2"), takeAll(stream));
            assertThrows(NoSuchElementException.class, stream::next);
        }
    }

    @Test
    void groupsAreFullByPicturesByWindowsAndByBytes() {
        List<String> names = List.of("a1", "b1", "c1", "d1", "e3", "f3", "g9", "h1", "i1");
        for (int decoders : new int[] {1, 4}) {
            groups.clear();
            try (PictureStream stream = stream(names.stream().map(PictureStreamTest::picture).iterator(), new PictureQueue.Limits(3, 5, Long.MAX_VALUE), decoders)) {
                assertEquals(names, takeAll(stream));
            }
            assertEquals(List.of("a1 b1 c1", "d1 e3", "f3", "g9", "h1 i1"), groups);
        }
        groups.clear();
        try (PictureStream stream = stream(names.subList(0, 5).stream().map(PictureStreamTest::picture).iterator(), new PictureQueue.Limits(9, 99, 4 * BYTES), 2)) {
            takeAll(stream);
        }
        assertEquals(List.of("a1 b1", "c1 d1", "e3"), groups);
    }

    @Test
    void noMoreIsReadThanThreeGroupsOrTheBytesHold() {
        assertEquals(6, readBeforeAnyIsTaken(groupsOf(2)));
        assertEquals(5, readBeforeAnyIsTaken(new PictureQueue.Limits(9, 99, 5 * BYTES)));
        assertEquals(1, readBeforeAnyIsTaken(new PictureQueue.Limits(9, 99, 1)));
    }

    /** Pictures that were begun when the first group is on the device and the only decoder waits. */
    private static int readBeforeAnyIsTaken(PictureQueue.Limits limits) {
        AtomicInteger begun = new AtomicInteger();
        List<Thread> decoder = Collections.synchronizedList(new ArrayList<>());
        Iterator<Supplier<Picture>> pictures = Stream.generate(() -> (Supplier<Picture>) () -> {
            decoder.add(Thread.currentThread());
            return picture("p" + begun.incrementAndGet()).get();
        }).limit(50).iterator();
        AtomicInteger seen = new AtomicInteger();
        Function<List<CutPicture>, List<Segmentation>> device = group -> {
            while (!List.of(Thread.State.WAITING, Thread.State.TERMINATED).contains(decoder.getFirst().getState())) Thread.yield();
            seen.set(begun.get());
            throw new DeviceException("enough");
        };
        try (PictureStream stream = new PictureStream(new PictureQueue(pictures, limits, 1), PictureStreamTest::cut, device, 1, 1)) {
            assertThrows(DeviceException.class, stream::next);
        }
        return seen.get();
    }

    @Test
    void aPictureThatCannotBeReadIsToldInItsPlaceAndTheOthersGoOn() {
        List<Supplier<Picture>> all = new ArrayList<>(pictures(4));
        all.add(1, thatThrows(new InputException("broken")));
        all.addAll(Collections.nCopies(9, thatThrows(new InputException("broken too"))));
        List<String> expected = new ArrayList<>(List.of("p0", "broken", "p1", "p2", "p3"));
        expected.addAll(Collections.nCopies(9, "broken too"));
        for (int group : new int[] {1, 2, 100}) {
            try (PictureStream stream = stream(all.iterator(), groupsOf(group), 2)) {
                assertEquals(expected, takeAll(stream));
            }
        }
    }

    @Test
    void anErrorThatIsNoPicturesFaultComesAfterAllResultsBeforeIt() {
        UsageException error = new UsageException("no such windows");
        for (int group : new int[] {1, 2, 100}) {
            List<Supplier<Picture>> all = new ArrayList<>(pictures(5));
            all.add(3, thatThrows(error));
            requireEndsAfterThree(stream(all.iterator(), groupsOf(group), 2), error);
        }
    }

    @Test
    void soDoesAnErrorOfTheIterator() {
        InputException error = new InputException("the folder is gone");
        Iterator<Supplier<Picture>> three = pictures(3).iterator(), failing = new Iterator<>() {
            @Override
            public boolean hasNext() {
                return true;
            }

            @Override
            public Supplier<Picture> next() {
                if (!three.hasNext()) throw error;
                return three.next();
            }
        };
        requireEndsAfterThree(stream(failing, groupsOf(2), 2), error);
    }

    @Test
    void soDoesAnErrorOfTheDevice() {
        DeviceException error = new DeviceException("out of memory");
        Function<List<CutPicture>, List<Segmentation>> device = group -> {
            if (group.getFirst().picture().name().equals("p3")) throw error;
            return number(group);
        };
        requireEndsAfterThree(new PictureStream(new PictureQueue(pictures(9).iterator(), groupsOf(3), 1), PictureStreamTest::cut, device, 2, 1), error);
        assertEquals(List.of("p0 p1 p2"), groups);
    }

    @Test
    void groupsThatAreComputedAtOnceComeOutInOrder() {
        CountDownLatch second = new CountDownLatch(1);
        Function<List<CutPicture>, List<Segmentation>> device = group -> {
            switch (group.getFirst().picture().name()) {
                case "p0" -> await(second);                             // ends after the group behind it
                case "p2" -> second.countDown();
                default -> { }
            }
            return number(group);
        };
        try (PictureStream stream = new PictureStream(new PictureQueue(pictures(7).iterator(), groupsOf(2), 2), PictureStreamTest::cut, device, 2, 2)) {
            assertEquals(List.of("p0", "p1", "p2", "p3", "p4", "p5", "p6"), takeAll(stream));
        }
    }

    @Test
    void anErrorWaitsForTheGroupBeforeItAndHidesTheOneBehindIt() {
        DeviceException error = new DeviceException("out of memory");
        CountDownLatch failed = new CountDownLatch(1), behind = new CountDownLatch(1);
        Function<List<CutPicture>, List<Segmentation>> device = group -> {
            switch (group.getFirst().picture().name()) {
                case "p0" -> await(behind);
                case "p3" -> {
                    await(failed);
                    throw error;
                }
                default -> {
                    behind.countDown();
                    failed.countDown();
                }
            }
            return number(group);
        };
        requireEndsAfterThree(new PictureStream(new PictureQueue(pictures(9).iterator(), groupsOf(3), 3), PictureStreamTest::cut, device, 2, 3), error);
    }

    private static void requireEndsAfterThree(PictureStream stream, RuntimeException error) {
        try (stream) {
            for (int i = 0; i < 3; i++) assertEquals("p" + i, assertInstanceOf(PictureStream.Labelled.class, stream.next()).picture().name());
            assertTrue(stream.hasNext());
            assertSame(error, assertThrows(RuntimeException.class, stream::next));
        }
    }

    @Test
    void closingEarlyEndsEverything() {
        Iterator<Supplier<Picture>> endless = Stream.generate(() -> picture("p1")).iterator();
        PictureStream stream = stream(endless, groupsOf(2), 2);
        stream.next();
        stream.close();
        assertFalse(stream.hasNext());
        assertThrows(NoSuchElementException.class, stream::next);
        stream.close();
    }

    @Test
    void aSourceThatNeverEndsIsInterrupted() {
        CountDownLatch begun = new CountDownLatch(1), never = new CountDownLatch(1);
        Supplier<Picture> stuck = () -> {
            begun.countDown();
            await(never);
            throw new AssertionError("nobody opens the latch");
        };
        try (PictureStream stream = stream(List.of(stuck).iterator(), groupsOf(1), 1)) {
            await(begun);
            Thread.currentThread().interrupt();
            assertThrows(CancellationException.class, stream::next);
            assertTrue(Thread.interrupted(), "who waits for a result may be interrupted too");
        }
    }

    @Test
    void anErrorOfTheTakerLeavesNoThread() {
        assertThrows(IllegalStateException.class, () -> {
            try (PictureStream stream = stream(pictures(50).iterator(), groupsOf(2), 2)) {
                stream.next();
                throw new IllegalStateException("the disk is full");
            }
        });
    }

    @Test
    void labelsAreThoseOfEachPictureAlone() {
        SegmentSettings settings = SegmentSettings.defaults().withWindows(new ResizeRule(2048, 160), 112, 56).with(PurifySettings.released(0.1f, 0.5f));
        List<Path> files = IntStream.of(1, 13, 99_999, 17).mapToObj(number -> DATA.resolve("shapes/dataset/JPEGImages/scene_%04d.jpg".formatted(number))).toList();
        try (Segmenter segmenter = Segmenter.open(DATA.resolve("shapes/model"), Device.choose("cpu"))) {
            WordFeatures words = segmenter.words(Vocabulary.parse("grass; circle; star", Background.parse("none")));
            List<Supplier<Picture>> sources = files.stream().<Supplier<Picture>>map(file -> () -> Pictures.read(file)).toList();
            for (PictureStream stream : List.of(segmenter.stream(sources.iterator(), words, settings), segmenter.stream(sources.iterator(), words, settings, 3))) {
                try (stream) {
                    for (Path file : files) {
                        PictureStream.Result result = stream.next();
                        if (result instanceof PictureStream.Labelled(_, Picture picture, Segmentation actual)) {
                            assertEquals(file.toString(), picture.name());
                            assertArrayEquals(segmenter.segment(picture, words, settings).confidence(), actual.confidence());
                            assertEquals(List.of("read", "resize", "tower", "refine", "purify", "labels"), List.copyOf(actual.seconds().keySet()));
                        } else {
                            assertEquals(2, result.number());
                        }
                    }
                    assertFalse(stream.hasNext());
                }
            }
            assertThrows(UsageException.class, () -> segmenter.stream(sources.iterator(), words, settings, 0));
        }
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
