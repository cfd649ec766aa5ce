package dev.freecp.clip;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.freecp.ops.Activation;
import org.junit.jupiter.api.Test;

class VisionConfigTest {

    /** Section 14 of the specification: 9.19 G a block of ViT-B/16 with 577 tokens. */
    @Test
    void countsOperationsAsTheCostModel() {
        VisionConfig config = new VisionConfig(768, 12, 12, 3072, 16, 384, 512, Activation.QUICK_GELU, 1e-5f);
        assertEquals(12 * 9.19e9, config.operations(), 12 * 0.005e9);
    }
}
