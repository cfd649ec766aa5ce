package dev.freecp.purify;

import dev.freecp.clip.PositionRule;
import dev.freecp.clip.View;
import dev.freecp.clip.VisionTower;
import dev.freecp.ops.Box;
import dev.freecp.ops.Ops;
import dev.freecp.ops.Region;
import dev.freecp.ops.Workspace;
import dev.freecp.tensor.Shape;
import dev.freecp.tensor.Tensor;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

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
    private final Map<View, float[]> seen;

    /** Where crops are cut from. */
    @FunctionalInterface
    public interface Source {

        /** What a box of a window's token grid covers. */
        View view(int window, Box box);
    }

    /**
     * @param descriptions    V (Q, E), background words first
     * @param backgroundWords B
     * @param batch           crops in one batch at most
     * @param seen            class features of crops that were looked at before with this rule; those of new ones are added
     */
    public CropLook(Ops ops, Workspace workspace, VisionTower tower, PositionRule rule, Source source, Tensor descriptions, int backgroundWords,
                    float logitScale, int batch, Map<View, float[]> seen) {
        this.ops = ops;
        this.workspace = workspace;
        this.tower = tower;
        this.rule = rule;
        this.source = source;
        this.descriptions = descriptions;
        this.backgroundWords = backgroundWords;
        this.logitScale = logitScale;
        this.batch = batch;
        this.seen = seen;
    }

    /** Box of a window cut from the resized picture: patch rows and columns in pixels, at the window's place. */
    public static Region inWindow(Region window, Box box, int patch) {
        int y = window.y0(), x = window.x0();
        return new Region(y + patch * box.y0(), x + patch * box.x0(), y + patch * box.y1(), x + patch * box.x1());
    }

    @Override
    public float[][] score(List<Request> requests) {
        List<View> crops = requests.stream().map(request -> source.view(request.window(), request.box())).toList();
        look(crops.stream().distinct().filter(crop -> !seen.containsKey(crop)).toList());
        float[][] scores = new float[crops.size()][];
        for (int from = 0; from < scores.length; from += batch) compare(crops.subList(from, Math.min(scores.length, from + batch)), from, scores);
        return scores;
    }

    /** Class features of crops that nobody has looked at yet, of all pictures together. */
    private void look(List<View> crops) {
        for (int from = 0; from < crops.size(); from += batch) {
            List<View> part = crops.subList(from, Math.min(crops.size(), from + batch));
            try (Workspace scratch = workspace.scope()) {
                float[] flat = ops.download(tower.classFeatures(scratch, part, SIZE, SIZE, rule));
                int embedding = descriptions.cols();
                for (int i = 0; i < part.size(); i++) seen.put(part.get(i), Arrays.copyOfRange(flat, i * embedding, (i + 1) * embedding));
            }
        }
    }

    private void compare(List<View> crops, int from, float[][] scores) {
        int queries = descriptions.rows(), embedding = descriptions.cols();
        float[] features = new float[crops.size() * embedding];
        for (int i = 0; i < crops.size(); i++) System.arraycopy(seen.get(crops.get(i)), 0, features, i * embedding, embedding);
        try (Workspace scratch = workspace.scope()) {
            Tensor cls = scratch.tensor("cls_feature", Shape.of("crop embedding", crops.size(), embedding));
            Tensor z = scratch.tensor("crop_logits", Shape.of("crop query", crops.size(), queries));
            ops.upload(cls, features);
            ops.similarity(z, cls, descriptions, logitScale);
            float[] flat = ops.download(z);
            for (int i = 0; i < crops.size(); i++) scores[from + i] = Arrays.copyOfRange(flat, i * queries + backgroundWords, (i + 1) * queries);
        }
    }
}
