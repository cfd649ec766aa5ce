package dev.freecp.parity;

import dev.freecp.clip.PositionRule;
import dev.freecp.clip.ReadOut;
import dev.freecp.clip.ReadOutSettings;
import dev.freecp.clip.View;
import dev.freecp.clip.VisionTower;
import dev.freecp.image.Picture;
import dev.freecp.ops.Heads;
import dev.freecp.ops.Ops;
import dev.freecp.ops.Region;
import dev.freecp.ops.Workspace;
import dev.freecp.tensor.Shape;
import dev.freecp.tensor.Tensor;
import java.util.List;

/** The vision tower's steps for one window, from numbers on the host to numbers on the host. */
final class TowerStages {

    private final Ops ops;
    private final VisionTower tower;
    private final ReadOutSettings readOut;

    TowerStages(Model model, ReadOutSettings readOut) {
        this.ops = model.ops();
        this.tower = model.clip().vision();
        this.readOut = readOut;
    }

    /** What a block gives: the stream after it (n+1, D) and the attention that is kept of it (n+1, n+1). */
    record BlockResult(float[] stream, float[] attention) {
    }

    int layers() {
        return tower.config().layers();
    }

    int patch() {
        return tower.config().patch();
    }

    /** Pixels (3, height, width) of a region, resized and normalised. */
    float[] pixels(Picture picture, Region region, int height, int width) {
        try (Workspace workspace = ops.workspace()) {
            Tensor rows = workspace.tensor("pixels", Shape.of("pixel channel", height * width, 3));
            ops.patches(rows, ops.picture(workspace, picture.pixels()), List.of(region), height, width, 1, tower.normalization());     // patches of one pixel
            float[] interleaved = ops.download(rows), planes = new float[interleaved.length];
            for (int i = 0; i < planes.length; i++) planes[i] = interleaved[i % (height * width) * 3 + i / (height * width)];
            return planes;
        }
    }

    /** Tokens entering block 0. */
    float[] embed(Picture picture, Region window) {
        try (Workspace workspace = ops.workspace()) {
            return ops.download(tower.embed(workspace, views(workspace, picture, List.of(window)), window.height(), window.width(), rule()));
        }
    }

    /** One plain block. */
    BlockResult block(float[] stream, int layer) {
        try (Workspace workspace = ops.workspace()) {
            Tensor x = stream(workspace, stream), map = workspace.tensor("attention", Shape.of("window token token", 1, x.rows(), x.rows()));
            ops.fill(map, 0);
            tower.block(workspace, x, layer, 1, map, readOut.method() == ReadOut.GEM ? Heads.FIRST : Heads.MEAN);
            return new BlockResult(ops.download(x), ops.download(map));
        }
    }

    /**
     * The modified stream after the last block.
     *
     * @param streams the plain stream on entry to each block; all but the last entry are read by GEM only
     */
    float[] modified(List<float[]> streams) {
        try (Workspace workspace = ops.workspace()) {
            int last = layers() - 1;
            Tensor x = stream(workspace, streams.get(last)), second = null;
            if (readOut.method() == ReadOut.GEM) {
                second = workspace.tensor("second_stream", x.shape());
                for (int layer = 0; layer < last; layer++) tower.gemStep(workspace, second, stream(workspace, streams.get(layer)), layer, readOut, 1);
            }
            return ops.download(tower.readOut(workspace, x, second, readOut, 1));
        }
    }

    /** Unit-length features of tokens {@code first} and following of the stream after the last block. */
    float[] project(float[] stream, int first, int count) {
        try (Workspace workspace = ops.workspace()) {
            return ops.download(tower.project(workspace, stream(workspace, stream), 1, first, count));
        }
    }

    /** Unit-length class features of regions, each resized to height x width. */
    float[] classFeatures(Picture picture, List<Region> regions, int height, int width) {
        try (Workspace workspace = ops.workspace()) {
            return ops.download(tower.classFeatures(workspace, views(workspace, picture, regions), height, width, rule()));
        }
    }

    private List<View> views(Workspace workspace, Picture picture, List<Region> regions) {
        return View.of(ops.picture(workspace, picture.pixels()), regions);
    }

    /** True if the last block's output needs the stream before every block, not only the last. */
    boolean readsAllBlocks() {
        return readOut.method() == ReadOut.GEM;
    }

    /** Which rule resizes the position table. */
    PositionRule rule() {
        return readOut.method().positionRule();
    }

    private Tensor stream(Workspace workspace, float[] values) {
        int width = tower.config().width();
        Tensor tensor = workspace.tensor("stream", Shape.of("token width", values.length / width, width));
        ops.upload(tensor, values);
        return tensor;
    }
}
