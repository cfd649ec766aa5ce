package dev.freecp.evaluate.data;

import java.util.List;

/**
 * What came of looking for a layout.
 *
 * @param met      how many of its requirements were met; of layouts that do not fit, the one with most is told about
 * @param samples  its pictures; null if it does not fit
 * @param mismatch the first thing that is not as it should be; null if it fits
 * @param found    what lies where the mismatch is; null if it fits
 */
record Attempt(int met, List<Sample> samples, String mismatch, String found) {

    static Attempt fits(List<Sample> samples) {
        return new Attempt(Integer.MAX_VALUE, samples, null, null);
    }

    static Attempt fails(int met, String mismatch, String found) {
        return new Attempt(met, null, mismatch, found);
    }

    boolean fits() {
        return samples != null;
    }
}
