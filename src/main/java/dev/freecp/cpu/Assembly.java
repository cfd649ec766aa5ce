package dev.freecp.cpu;

import static dev.freecp.cpu.Lanes.LANES;
import static dev.freecp.cpu.Lanes.SPECIES;

import dev.freecp.ops.LabelRule;
import dev.freecp.ops.LabelRule.Background;
import dev.freecp.ops.Mosaic;
import dev.freecp.ops.Region;
import dev.freecp.tensor.Tensor;
import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;

/**
 * Labels from low-resolution maps, band of output rows by band. An output row lies between two rows of the picture; each of those is made once per band, for all
 * classes that are alive anywhere, by adding up the windows over it.
 */
final class Assembly {

    /** Output rows of a band: each band makes about one row of the picture that its neighbour makes too. */
    private static final int BAND = 24;

    private final Pool pool;
    private final Buffers[] buffers;

    Assembly(Pool pool) {
        this.pool = pool;
        buffers = new Buffers[pool.workers()];
        Arrays.setAll(buffers, i -> new Buffers());
    }

    void assemble(Tensor labels, Tensor confidence, Tensor scores, Tensor maps, int[][] alive, Mosaic mosaic, LabelRule rule) {
        MosaicPlan plan = new MosaicPlan(alive, mosaic, rule);
        pool.rows(mosaic.outputHeight(), BAND, (from, to, worker) -> {
            Band band = new Band(plan, maps, buffers[worker]);
            for (int row = from; row < to; row++) {
                band.bring(plan.rows.first(row), plan.rows.second(row));
                band.label(row, labels, confidence, scores);
            }
        });
    }

    /** A worker's memory, kept between pictures. */
    private static final class Buffers {
        private final float[][] arrays = new float[7][0];

        float[] floats(int index, long size) {
            if (arrays[index].length < size) arrays[index] = new float[Math.toIntExact(size)];
            return arrays[index];
        }
    }

    /** One task. Rows of all alive classes lie one after the other, each a vector longer than the picture is wide. */
    private static final class Band {
        private final MosaicPlan plan;
        private final Tensor maps;
        private final int width;
        private final int stride;
        private final float[] lines;
        private final float[] cover;
        private final float[] mixed;
        private final float[] best;
        private final float[] winner;
        private float[] top;
        private float[] bottom;
        private int topRow = -1;
        private int bottomRow = -1;

        Band(MosaicPlan plan, Tensor maps, Buffers buffers) {
            this.plan = plan;
            this.maps = maps;
            width = plan.mosaic.width();
            stride = width + LANES;
            long output = plan.mosaic.outputWidth() + LANES;
            top = buffers.floats(0, (long) plan.classes.length * stride);
            bottom = buffers.floats(1, (long) plan.classes.length * stride);
            lines = buffers.floats(2, (long) plan.mostMaps * (plan.mosaic.gridWidth() + LANES));
            cover = buffers.floats(3, stride);
            mixed = buffers.floats(4, stride);
            best = buffers.floats(5, output);
            winner = buffers.floats(6, output);
        }

        /** Makes the two rows of the picture present; the next output row often needs one or both again. */
        void bring(int first, int second) {
            if (topRow != first) {
                float[] spare = top;
                top = bottom;
                bottom = spare;
                int row = topRow;
                topRow = bottomRow;
                bottomRow = row;
            }
            if (topRow != first) sum(top, topRow = first);
            if (bottomRow != second) sum(bottom, bottomRow = second);
        }

        /** Scores of all alive classes along a row of the picture: the mean over the windows that cover a pixel. */
        private void sum(float[] sums, int y) {
            Arrays.fill(sums, 0, plan.classes.length * stride, 0);
            Arrays.fill(cover, 0, stride, 0);
            for (int s = 0; s < plan.members.size(); s++) {
                Region window = plan.mosaic.windows().get(s);
                if (y < window.y0() || y >= window.y1()) continue;
                for (int x = window.x0(); x < window.x1(); x++) cover[x]++;
                for (MosaicPlan.Member member : plan.members.get(s)) {
                    for (int m = 0; m < member.maps().length; m++) line(m, s * maps.shape().dim(1) + member.maps()[m], y - window.y0());
                    for (MosaicPlan.Run run : plan.runs) add(sums, member.slot() * stride + window.x0(), run, member.maps().length);
                }
            }
            for (int slot = 0; slot < plan.classes.length; slot++) {
                for (int x = 0; x < width; x += LANES) {
                    VectorMask<Float> mask = Lanes.first(width - x);
                    array(sums, slot * stride + x).div(array(cover, x)).intoArray(sums, slot * stride + x, mask);
                }
            }
        }

        /** A map's grid row at row y of its window. */
        private void line(int index, int row, int y) {
            int grid = plan.mosaic.gridWidth(), at = index * (grid + LANES);
            long upper = maps.offset(row, plan.gridRows.first(y) * grid), lower = maps.offset(row, plan.gridRows.second(y) * grid);
            float weight = plan.gridRows.weight(y);
            for (int i = 0; i < grid; i += LANES) {
                VectorMask<Float> mask = Lanes.first(grid - i);
                FloatVector above = Lanes.load(maps.segment(), upper + i * 4L, mask), below = Lanes.load(maps.segment(), lower + i * 4L, mask);
                between(above, below, Lanes.all(weight)).intoArray(lines, at + i, mask);
            }
        }

        /** Adds the largest of a class's maps, 0 at least, over columns between two grid cells. */
        private void add(float[] sums, int at, MosaicPlan.Run run, int count) {
            int step = plan.mosaic.gridWidth() + LANES;
            for (int x = run.from(); x < run.to(); x += LANES) {
                FloatVector weight = array(plan.runWeights, x), largest = FloatVector.zero(SPECIES);
                for (int m = 0; m < count; m++)
                    largest = Lanes.larger(largest, between(Lanes.all(lines[m * step + run.left()]), Lanes.all(lines[m * step + run.right()]), weight));
                array(sums, at + x).add(largest).intoArray(sums, at + x, Lanes.first(run.to() - x));
            }
        }

        /** Scores of one output row, the largest, and the label. Classes that are alive nowhere score 0, the least there is: they only matter where all do. */
        void label(int row, Tensor labels, Tensor confidence, Tensor scores) {
            int output = plan.mosaic.outputWidth(), height = plan.mosaic.outputHeight(), first = plan.rule.background() == Background.NONE ? 0 : 1;
            Arrays.fill(best, 0, output, 0);
            Arrays.fill(winner, 0, output, first);
            if (scores != null) for (int l = 0; l < plan.rule.labels(); l++) for (int x = 0; x < output; x++) scores.set(l * height + row, x, 0);
            for (int slot = 0; slot < plan.classes.length; slot++) {
                mix(slot * stride, plan.rows.weight(row));
                int label = first + plan.classes[slot];
                for (int x = 0; x < output; x += LANES) {
                    VectorMask<Float> inside = Lanes.first(output - x);
                    FloatVector score = across(x, inside), before = array(best, x);
                    VectorMask<Float> wins = score.compare(VectorOperators.GT, before);
                    before.blend(score, wins).intoArray(best, x);
                    array(winner, x).blend(label, wins).intoArray(winner, x);
                    if (scores != null) Lanes.store(score, scores.segment(), scores.offset(label * height + row, x), inside);
                }
            }
            for (int x = 0; x < output; x++) decide(row, x, labels, confidence, scores);
        }

        /** A class's row between the two rows of the picture. */
        private void mix(int at, float weight) {
            for (int x = 0; x < width; x += LANES) {
                FloatVector upper = array(top, at + x);
                (weight == 0 ? upper : between(upper, array(bottom, at + x), Lanes.all(weight))).intoArray(mixed, x);
            }
        }

        /** Scores at output columns from x on. */
        private FloatVector across(int x, VectorMask<Float> inside) {
            if (plan.mosaic.outputWidth() == width) return array(mixed, x);
            FloatVector left = FloatVector.fromArray(SPECIES, mixed, 0, plan.left, x, inside);
            return between(left, FloatVector.fromArray(SPECIES, mixed, 0, plan.right, x, inside), array(plan.weights, x));
        }

        private void decide(int row, int x, Tensor labels, Tensor confidence, Tensor scores) {
            float max = best[x], background = 1 - max;
            boolean isBackground = switch (plan.rule.background()) {
                case NONE -> false;
                case ONE_MINUS_MAX -> background >= max;
                case THRESHOLD -> max < plan.rule.threshold();
            };
            labels.setInt(row, x, isBackground ? 0 : (int) winner[x]);
            if (confidence != null) confidence.set(row, x, isBackground ? background : max);
            if (scores == null || plan.rule.background() == Background.NONE) return;
            scores.set(row, x, plan.rule.background() == Background.ONE_MINUS_MAX || isBackground ? background : Float.NEGATIVE_INFINITY);
        }

        private static FloatVector between(FloatVector a, FloatVector b, FloatVector weightOfB) {
            return b.sub(a).fma(weightOfB, a);
        }

        private static FloatVector array(float[] x, int at) {
            return FloatVector.fromArray(SPECIES, x, at);
        }
    }
}
