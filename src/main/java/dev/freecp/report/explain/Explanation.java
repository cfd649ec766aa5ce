package dev.freecp.report.explain;

import dev.freecp.image.LabelMap;
import dev.freecp.image.Picture;
import dev.freecp.image.Size;
import dev.freecp.ops.Box;
import dev.freecp.report.RunFacts;
import dev.freecp.segment.Segmentation;
import java.util.List;

/**
 * What a run saw and decided, S windows, words numbered from 0 without the background words. Made by {@link Explainer}, shown by {@link ExplainPage} and
 * {@link ExplainJson}. The arrays are not copied and must not be written.
 *
 * @param run          what was asked for
 * @param picture      as it came
 * @param result       the labels, and what was decided in each window
 * @param resized      the picture's size when windows were cut
 * @param grid         a window's cells
 * @param maps         the words' maps put together over the picture, by word
 * @param boxes        by window and word: the boxes that mask the map before refinement; null where nothing is masked
 * @param overlaps     by window: the soft intersection over union of the words that ambiguity purification met; null where it met fewer than two
 * @param windowLabels by window: the labels that this window alone would give its pixels
 * @param agreement    (S, S): share of the pixels covered by both windows on which their labels agree; NaN where they do not overlap
 * @param affinity     by window: (n, n), how much cell i looks at cell j, mean over the blocks that the affinity is made of
 * @param layers       from the tokens that enter the first block to those that are read out
 */
public record Explanation(RunFacts run, Picture picture, Segmentation result, Size resized, Size grid, List<WordMaps> maps, List<List<List<Box>>> boxes,
                          List<Overlaps> overlaps, List<LabelMap> windowLabels, double[][] agreement, List<float[]> affinity, List<Layer> layers) {

    /** A number for every place of a raster over the picture, row by row. */
    public record Raster(Size size, float[] values) {

        /** The largest. */
        public float max() {
            float max = Float.NEGATIVE_INFINITY;
            for (float value : values) max = Math.max(max, value);
            return max;
        }
    }

    /**
     * A word's maps, each the mean of the windows that cover a place.
     *
     * @param softmax    p, before
     * @param activation Y, what is refined
     * @param refined    R, of all windows, also of those that removed the word; p if nothing is refined
     */
    public record WordMaps(Raster softmax, Raster activation, Raster refined) {
    }

    /**
     * J of a window's words.
     *
     * @param words  increasing
     * @param values (words, words)
     */
    public record Overlaps(int[] words, float[][] values) {
    }

    /**
     * The tokens behind a block, on the picture's lattice of patches; each patch is seen by the window whose centre is nearest.
     *
     * @param name       for people
     * @param cells      rows and columns of the lattice
     * @param components for each cell the first three principal components of its features, their directions as near as possible to those of the layer before
     * @param variance   share of the features' variance in each of them
     * @param attention  of the block itself: for each cell the class token's attention to it, head mean; null for tokens that no block made
     * @param entropy    of that attention over a window's cells, mean over windows, as a part of what even attention would have; NaN without attention
     */
    public record Layer(String name, Size cells, float[][] components, double[] variance, float[] attention, double entropy) {
    }
}
