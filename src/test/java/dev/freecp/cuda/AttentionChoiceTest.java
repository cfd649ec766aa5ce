package dev.freecp.cuda;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.freecp.ops.Heads;
import dev.freecp.ops.Scores;
import dev.freecp.tensor.DType;
import dev.freecp.tensor.Shape;
import dev.freecp.tensor.Tensor;
import java.lang.foreign.Arena;
import org.junit.jupiter.api.Test;

/** Who computes which attention. */
class AttentionChoiceTest {

    private String asked;

    /** Notes that it was asked. */
    private AttentionKernels named(String name) {
        return new AttentionKernels() {
            @Override
            public boolean fits(Tensor context, int heads) {
                return new FusedAttention(null, null).fits(context, heads);
            }

            @Override
            public void attention(Tensor context, Tensor qkv, int sequences, int heads, Scores scores, Tensor map, Heads mapHeads, float weight) {
                asked = name;
            }

            @Override
            public void selfSelfAttention(Tensor context, Tensor qkv, int sequences, int heads, Tensor tau) {
                asked = name;
            }
        };
    }

    private String asked(boolean capable, DType type, int headSize, Scores scores) {
        AttentionChoice choice = new AttentionChoice(capable ? named("fused") : null, named("products"));
        Tensor context = Tensor.allocate(Arena.ofAuto(), "context", Shape.of("row col", 5, 3 * headSize), type, 3 * headSize);
        if (scores == null) choice.selfSelfAttention(context, null, 1, 3, null);
        else choice.attention(context, null, 1, 3, scores, null, Heads.MEAN, 0);
        return asked;
    }

    @Test
    void sixtyFourColumnsOfSixteenBitsAreFused() {
        for (DType type : new DType[] {DType.F16, DType.BF16}) {
            for (Scores scores : Scores.values()) assertEquals(scores == Scores.IDENTITY ? "products" : "fused", asked(true, type, 64, scores), scores.name());
            assertEquals("fused", asked(true, type, 64, null));
        }
    }

    @Test
    void everythingElseGoesThroughMatrixProducts() {
        for (Scores scores : new Scores[] {Scores.QK, null}) {
            assertEquals("products", asked(false, DType.F16, 64, scores), "a card without the instructions");
            assertEquals("products", asked(true, DType.F16, 32, scores), "32 columns");
            assertEquals("products", asked(true, DType.F32, 64, scores), "float32");
        }
    }
}
