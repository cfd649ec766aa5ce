package dev.freecp.convert.source;

import java.util.List;

/** Gives meaning to the few names that a pickle may use. */
interface PickleHost {

    /** True if {@code global} may be called. */
    boolean isKnown(Pickled.Global global);

    /** What calling the known {@code global} gives. */
    Object call(Pickled.Global global, List<Object> arguments, PickleInput at);

    /** What a persistent id stands for. */
    Object persistent(Object id, PickleInput at);
}
