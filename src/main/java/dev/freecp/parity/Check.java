package dev.freecp.parity;

/**
 * One comparison with a golden.
 *
 * @param golden  folder and name: {@code seg/rect.GEM}
 * @param stage   what was compared
 * @param name    the golden's name for it: {@code w00.block03}
 * @param mode    how our numbers were made
 * @param verdict the outcome
 * @param worst   largest difference, or how many decisions differ, or for labels the share of pixels; infinite where sizes differ or a number is
 *                missing
 * @param limit   what {@code worst} may be
 * @param note    in words, may be empty
 */
public record Check(String golden, Stage stage, String name, Mode mode, Verdict verdict, double worst, double limit, String note) {

    /** How our numbers were made. */
    public enum Mode {
        /** By everything before it, from the beginning. */
        CHAIN,
        /** From the golden's own input of the stage. */
        ISOLATED
    }

    /** The outcome. */
    public enum Verdict {
        PASS,
        /** A decision of the chain fell the other way, and the golden's margin is so small that it may. */
        FLIP,
        /** Not compared, because it follows from a {@link #FLIP} or this program does not know it. */
        SKIPPED,
        FAIL
    }

    /** Everything but {@link Verdict#FAIL}. */
    public boolean pass() {
        return verdict != Verdict.FAIL;
    }

    /** {@link #worst} as a share of the limit; 0 for equal things, infinite for different ones where no difference is allowed. */
    public double share() {
        return worst == 0 ? 0 : worst / limit;
    }
}
