package dev.freecp.cuda;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import dev.freecp.Golden;
import dev.freecp.clip.AffinityPlan;
import dev.freecp.clip.Clip;
import dev.freecp.clip.ReadOut;
import dev.freecp.clip.ReadOutSettings;
import dev.freecp.clip.Trace;
import dev.freecp.clip.View;
import dev.freecp.clip.VisionTower;
import dev.freecp.image.Picture;
import dev.freecp.image.Pictures;
import dev.freecp.ops.Ops;
import dev.freecp.ops.Precision;
import dev.freecp.ops.Region;
import dev.freecp.ops.Workspace;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

/** Several instances on one card, each with a stream of its own and all with the same weights. */
class BesideTest {

    private static final List<Region> WINDOWS = List.of(new Region(0, 0, 112, 112), new Region(30, 40, 112, 112));

    private static float[] features(Ops ops, VisionTower tower, Picture picture) {
        try (Workspace workspace = ops.workspace()) {
            AffinityPlan plan = AffinityPlan.released(ReadOut.SCLIP, tower.config().layers());
            List<ReadOutSettings> readOut = List.of(ReadOutSettings.released(ReadOut.SCLIP));
            return ops.download(tower.windows(workspace, View.of(ops.picture(workspace, picture.pixels()), WINDOWS), readOut, plan, Trace.NONE).getFirst().patches());
        }
    }

    @Test
    void twoStreamsGiveWhatOneGives() throws Exception {
        Picture picture = Pictures.read(Golden.path("shapes/dataset/JPEGImages/scene_0017.jpg"));
        try (Ops ops = Gpu.open(Precision.FP32, false, 1); Ops other = ops.beside().orElseThrow(); Clip clip = Clip.open(Golden.path("shapes/model"), ops);
             ExecutorService threads = Executors.newFixedThreadPool(2)) {
            float[] expected = features(ops, clip.vision(), picture);
            VisionTower second = clip.vision().on(other);
            List<Future<float[]>> results = new ArrayList<>();
            for (int thread = 0; thread < 2; thread++) {
                boolean first = thread == 0;
                for (int time = 0; time < 3; time++) {                                      // as it comes, captured, replayed
                    if (first) results.add(threads.submit(() -> locked(ops, () -> features(ops, clip.vision(), picture))));
                    else results.add(threads.submit(() -> locked(other, () -> features(other, second, picture))));
                }
            }
            for (Future<float[]> result : results) assertArrayEquals(expected, result.get());
        }
    }

    private static float[] locked(Ops ops, Supplier<float[]> work) {
        synchronized (ops) {
            return work.get();
        }
    }

    @Test
    void closingInAnyOrderLeavesNothingBehind() {
        Gpu.assumeAvailable();
        assumeFalse(Gpu.isReal(), "only the emulator counts bytes");
        long before = Emulator.deviceBytes();
        for (int i = 0; i < 20; i++) {
            Ops first = Gpu.open(Precision.FP16, i % 2 == 0, 1), second = first.beside().orElseThrow(), third = second.beside().orElseThrow();
            for (Ops ops : i % 4 < 2 ? List.of(third, second, first) : List.of(first, third, second)) ops.close();
        }
        assertEquals(before, Emulator.deviceBytes());
    }
}
