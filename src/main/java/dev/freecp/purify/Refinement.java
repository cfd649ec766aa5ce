package dev.freecp.purify;

import dev.freecp.clip.Trace;
import dev.freecp.ops.Ops;
import dev.freecp.ops.Workspace;
import dev.freecp.tensor.Tensor;

/** Spreads activation maps along the affinity of the window's cells (specification, section 6). */
public final class Refinement {

    /** Column and row normalisations, in pairs. */
    private static final int ROUNDS = 3;
    /** Keeps an empty map at 0; in float32 it vanishes beside a range of 0.25 or more, which the bytes of later boxes depend on. */
    private static final float EPSILON = 1e-8f;

    private Refinement() {
    }

    /**
     * R from Y. The transition matrix T is applied twice instead of once squared: 4 n^2 M operations instead of 2 n^3 + 2 n^2 M.
     *
     * @param affinity A (S, n, n)
     */
    public static void refine(Ops ops, Workspace workspace, ClassMaps maps, Tensor affinity, PurifySettings settings, Trace trace) {
        boolean boxed = settings.refinement() == PurifySettings.Refinement.BOXED;
        boolean released = settings.affinity() == PurifySettings.AffinityRule.RELEASED;
        try (Workspace scratch = workspace.scope()) {
            Tensor x = scratch.tensor("masked", maps.refined().shape());
            if (boxed) ops.maskByBoxes(x, maps.activation(), maps.first(), maps.gridHeight(), maps.gridWidth(), settings.boxRule());
            else maps.copy(ops, x, maps.activation());
            if (released) {
                Tensor transition = transition(ops, scratch, affinity);
                Tensor once = scratch.tensor("once", x.shape());
                trace.stage("trans", transition);
                ops.propagate(once, transition, x);                                         // T x       (S, M, n)
                ops.propagate(maps.refined(), transition, once);                            // T T x     (S, M, n)
            } else {
                ops.propagate(maps.refined(), affinity, x);                                 // A x       (S, M, n)
            }
        }
        trace.stage("refined_raw", maps.refined());
        if (boxed) rescale(ops, maps.refined());
        trace.stage("refined", maps.refined());
    }

    /** Brings each map to [0, 1] in place; an empty one stays 0. */
    public static void rescale(Ops ops, Tensor refined) {
        ops.minMaxRows(refined, EPSILON);
    }

    /** T (S, n, n): three times columns and rows brought to sum 1, then the mean with its transpose. */
    public static Tensor transition(Ops ops, Workspace out, Tensor affinity) {
        Tensor transition = out.tensor("transition", affinity.shape());
        ops.transition(transition, affinity, ROUNDS, true);
        return transition;
    }
}
