package dev.freecp.segment;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;

import dev.freecp.Golden;
import dev.freecp.clip.Clip;
import dev.freecp.cpu.VectorOps;
import dev.freecp.error.DeviceException;
import dev.freecp.ops.Ops;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class LanesTest {

    private final List<String> closed = new ArrayList<>();
    private final Ops plain = backend("first", Optional::empty);
    private Clip clip;

    @BeforeEach
    void open() {
        clip = Clip.open(Golden.path("shapes/model"), plain);
    }

    @AfterEach
    void close() {
        clip.close();
    }

    /** A backend that can have another beside it. */
    private Ops backend(String name, Supplier<Optional<Ops>> beside) {
        VectorOps ops = new VectorOps(1);
        return (Ops) Proxy.newProxyInstance(Ops.class.getClassLoader(), new Class<?>[] {Ops.class}, (_, method, arguments) -> {
            if (method.getName().equals("beside")) return beside.get();
            if (method.getName().equals("close")) closed.add(name);
            try {
                return method.invoke(ops, arguments);
            } catch (InvocationTargetException e) {
                throw e.getCause();
            }
        });
    }

    /** What a second thread gets while the first has a lane; null if it still waits. */
    private static Lane secondOf(Lanes lanes) throws Exception {
        try (ExecutorService other = Executors.newSingleThreadExecutor()) {
            Future<Lane> second = lanes.on(lane -> {
                assertSame(lanes.first(), lane);
                Thread[] waiting = new Thread[1];
                Future<Lane> future = other.submit(() -> {
                    waiting[0] = Thread.currentThread();
                    return lanes.on(taken -> taken);
                });
                while (!future.isDone() && (waiting[0] == null || waiting[0].getState() != Thread.State.WAITING)) Thread.yield();
                return future.isDone() ? future : null;
            });
            return second == null ? null : second.get();
        }
    }

    @Test
    void aSecondThreadGetsALaneOfItsOwn() throws Exception {
        try (Lanes lanes = new Lanes(clip, backend("first", () -> Optional.of(backend("second", Optional::empty))), 2)) {
            assertNotSame(lanes.first(), secondOf(lanes));
            assertSame(lanes.first(), lanes.on(lane -> lane), "alone one always gets the first");
        }
        assertEquals(List.of("second", "first"), closed);
    }

    @Test
    void itWaitsWhereTheBackendHasNoSecond() throws Exception {
        try (Lanes lanes = new Lanes(clip, plain, 2)) {
            assertEquals(null, secondOf(lanes));
        }
    }

    @Test
    void itWaitsWhereThereIsNoRoomForASecond() throws Exception {
        Supplier<Optional<Ops>> full = () -> {
            throw new DeviceException("no memory left");
        };
        try (Lanes lanes = new Lanes(clip, backend("first", full), 2)) {
            assertEquals(null, secondOf(lanes));
        }
    }

    @Test
    void theMatricesOfTheLatestWordsStay() {
        try (Lanes lanes = new Lanes(clip, plain, 1)) {
            int embedding = clip.config().vision().embedding();
            Vocabulary one = Vocabulary.parse("sky", Background.parse("none"));
            float[] features = new float[embedding];
            features[3] = 2;
            WordFeatures sky = new WordFeatures(one, embedding, features, features), other = new WordFeatures(one, embedding, new float[embedding], features);
            lanes.on(lane -> {
                Lane.Text first = lane.text(sky);
                assertSame(first, lane.text(sky));
                assertEquals(2, lane.ops().download(first.queries())[3]);
                assertEquals(0, lane.ops().download(lane.text(other).queries())[3]);
                assertEquals(2, lane.ops().download(lane.text(sky).queries())[3]);
                return null;
            });
        }
    }
}
