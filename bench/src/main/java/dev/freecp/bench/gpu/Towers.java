package dev.freecp.bench.gpu;

import dev.freecp.bench.input.RandomPictures;
import dev.freecp.bench.report.Measurement;
import dev.freecp.clip.AffinityPlan;
import dev.freecp.clip.Clip;
import dev.freecp.clip.ReadOut;
import dev.freecp.clip.ReadOutSettings;
import dev.freecp.clip.Trace;
import dev.freecp.clip.View;
import dev.freecp.clip.VisionConfig;
import dev.freecp.cuda.CudaOps;
import dev.freecp.cuda.Ways;
import dev.freecp.ops.Precision;
import dev.freecp.ops.Region;
import dev.freecp.ops.Workspace;
import dev.freecp.tensor.Tensor;
import java.io.IOException;
import java.util.List;
import java.util.stream.IntStream;

/**
 * The vision tower with seeded random weights: windows of 24 x 24 patches in batches, from bytes to patch features and affinity (SCLIP).
 *
 * @param model ViT-B-16 or ViT-L-14
 */
record Towers(String model, Precision precision) implements Group {

    private static final List<Integer> BATCHES = List.of(24, 6, 1, 48), TINY_BATCHES = List.of(2, 1);

    /** Patches along a side of a window; windows lie a pixel apart. */
    private static final int GRID = 24, TINY_GRID = 4, PLACES = 16;

    @Override
    public String name() {
        return "tower " + model;
    }

    @Override
    public void run(Session session) throws IOException {
        if (session.outOfTime(name() + " " + precision)) return;
        try (CudaOps ops = session.open(precision, Ways.CHOSEN); Clip clip = Clip.open(session.model(model), ops)) {
            for (int batch : session.tiny() ? TINY_BATCHES : BATCHES)
                if (!session.outOfTime(name() + " " + precision + " batch " + batch)) measure(session, ops, clip, batch);
        }
    }

    private void measure(Session session, CudaOps ops, Clip clip, int batch) {
        int side = clip.config().vision().patch() * (session.tiny() ? TINY_GRID : GRID);
        ReadOutSettings readOut = ReadOutSettings.released(ReadOut.SCLIP);
        AffinityPlan plan = AffinityPlan.released(ReadOut.SCLIP, clip.config().vision().layers());
        try (Workspace workspace = ops.workspace()) {
            Tensor picture = ops.picture(workspace, RandomPictures.waves(side + PLACES, side + PLACES, batch).pixels());
            List<View> windows = IntStream.range(0, batch).mapToObj(i -> new Region(i % PLACES, i / PLACES, i % PLACES + side, i / PLACES + side))
                .map(place -> new View(picture, place)).toList();
            Measurement time = session.meter(ops).calls(2, _ -> {
                try (Workspace scratch = workspace.scope()) {
                    clip.vision().windows(scratch, windows, List.of(readOut), plan, Trace.NONE);
                }
            });
            double rate = time.rate(batch * operations(clip.config().vision(), side));
            session.things(name(), "batch " + batch, precision, time, batch, "windows/s", session.arithmetic(precision, rate), ops);
        }
    }

    /** Of a window (specification, section 14), two for each product; the last block without its plain attention, with SCLIP's. */
    private static double operations(VisionConfig v, int side) {
        double n = (double) (side / v.patch()) * (side / v.patch()), tokens = n + 1, d = v.width();
        double linear = 24 * tokens * d * d, attention = 4 * tokens * tokens * d;
        return 2 * n * 3 * v.patch() * v.patch() * d + v.layers() * linear + (v.layers() - 1) * attention + 1.5 * attention + 2 * n * d * v.embedding();
    }
}
