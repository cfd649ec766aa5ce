package dev.freecp.clip;

import dev.freecp.error.UsageException;

/**
 * A read-out and the form in which it is done.
 *
 * @param method    which one
 * @param form      as the released FreeCP program has it, or as its own authors published it (specification, section 12 row 9)
 * @param gemBlocks for GEM: how many blocks feed the second stream; the released program's setting 7 gives six (row 10)
 */
public record ReadOutSettings(ReadOut method, Form form, int gemBlocks) {

    /** Where the read-outs' residual connections are. */
    public enum Form {
        /** No residual round the modified attention; an MLP step on its output for all but ClearCLIP. */
        RELEASED,
        /** vanilla and SCLIP keep both residuals; MaskCLIP and ClearCLIP have neither residual nor MLP. */
        PUBLISHED;

        /** True if the block's input is added to the modified attention's output. */
        boolean residual(ReadOut method) {
            return this == PUBLISHED && (method == ReadOut.VANILLA || method == ReadOut.SCLIP);
        }

        /** True if the MLP is applied after the modified attention. */
        boolean mlp(ReadOut method) {
            return method != ReadOut.CLEARCLIP && (this == RELEASED || method != ReadOut.MASKCLIP);
        }
    }

    /** @throws UsageException if GEM's second stream would have no block */
    public ReadOutSettings {
        if (gemBlocks < 1) throw new UsageException("GEM's second stream needs at least one block, not " + gemBlocks);
    }

    /** {@code method} as the released program does it. */
    public static ReadOutSettings released(ReadOut method) {
        return new ReadOutSettings(method, Form.RELEASED, 6);
    }
}
