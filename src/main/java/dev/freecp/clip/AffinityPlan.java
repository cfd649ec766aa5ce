package dev.freecp.clip;

import dev.freecp.ops.Heads;
import java.util.stream.IntStream;

/**
 * Which attention goes into the affinity (specification, section 3.3): the mean over these layers of the plain attention of these heads.
 *
 * @param layers numbers of blocks from 0, at least one; kept increasing and each once
 * @param heads  all heads' mean, or head 0
 */
public record AffinityPlan(int[] layers, Heads heads) {

    /** @throws IllegalArgumentException if there is no layer */
    public AffinityPlan {
        layers = IntStream.of(layers).sorted().distinct().toArray();
        if (layers.length == 0) throw new IllegalArgumentException("an affinity needs at least one layer");
    }

    /** What the released program does: blocks 0..L-2; GEM keeps head 0 alone. */
    public static AffinityPlan released(ReadOut method, int layers) {
        return new AffinityPlan(IntStream.range(0, layers - 1).toArray(), method == ReadOut.GEM ? Heads.FIRST : Heads.MEAN);
    }

    boolean keeps(int layer) {
        for (int kept : layers) if (kept == layer) return true;
        return false;
    }
}
