package dev.freecp.purify;

import dev.freecp.clip.PositionRule;
import dev.freecp.clip.VisionTower;
import dev.freecp.ops.Box;
import dev.freecp.ops.Ops;
import dev.freecp.ops.Region;
import dev.freecp.ops.Workspace;
import dev.freecp.tensor.Shape;
import dev.freecp.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The closer look of the released program: a region is cut out, resized to 112 x 112, and the class token of the unmodified tower is compared with
 * the descriptions (specification, section 8 step 3).
 */
public final class CropLook implements CropScorer {

    /** Side of a crop in pixels: 7 x 7 patches of 16, 8 x 8 of 14. */
    public static final int SIZE = 112;

    private final Ops ops;
    private final Workspace workspace;
    private final VisionTower tower;
    private final PositionRule rule;
    private final Source source;
    private final Tensor descriptions;
    private final int backgroundWords;
    private final float logitScale;
    private final int batch;

    /** Where crops are cut from. */
    public interface Source {

        /** The picture, (height, width, 3) uint8 on the backend. */
        Tensor picture();

        /** The pixels of it that a box of a window's token grid covers. */
        Region region(int window, Box box);
    }

    /**
     * @param descriptions    V (Q, E), background words first
     * @param backgroundWords B
     * @param batch           crops in one batch at most
     */
    public CropLook(Ops ops, Workspace workspace, VisionTower tower, PositionRule rule, Source source, Tensor descriptions, int backgroundWords,
                    float logitScale, int batch) {
        this.ops = ops;
        this.workspace = workspace;
        this.tower = tower;
        this.rule = rule;
        this.source = source;
        this.descriptions = descriptions;
        this.backgroundWords = backgroundWords;
        this.logitScale = logitScale;
        this.batch = batch;
    }

    /** Box of a window cut from the resized picture: patch rows and columns in pixels, at the window's place. */
    public static Region inWindow(Region window, Box box, int patch) {
        int y = window.y0(), x = window.x0();
        return new Region(y + patch * box.y0(), x + patch * box.x0(), y + patch * box.y1(), x + patch * box.x1());
    }

    @Override
    public float[][] score(List<Request> requests) {
        int queries = descriptions.rows();
        float[][] scores = new float[requests.size()][];
        for (int from = 0; from < requests.size(); from += batch) {
            List<Region> regions = new ArrayList<>();
            for (Request request : requests.subList(from, Math.min(requests.size(), from + batch)))
                regions.add(source.region(request.window(), request.box()));
            try (Workspace scratch = workspace.scope()) {
                Tensor cls = tower.classFeatures(scratch, source.picture(), regions, SIZE, SIZE, rule);
                Tensor z = scratch.tensor("crop_logits", Shape.of("crop query", regions.size(), queries));
                ops.similarity(z, cls, descriptions, logitScale);
                float[] flat = ops.download(z);
                for (int i = 0; i < regions.size(); i++)
                    scores[from + i] = Arrays.copyOfRange(flat, i * queries + backgroundWords, (i + 1) * queries);
            }
        }
        return scores;
    }
}
