package dev.freecp.cpu;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class LanesTest {

    /** The build runs the backend's tests again with shorter vectors, and this tells that it does. */
    @Test
    void vectorsAreNoLongerThanTheBuildSays() {
        assertTrue(Lanes.SPECIES.vectorBitSize() <= Integer.getInteger("freecp.vector", 512), "vectors of " + Lanes.SPECIES.vectorBitSize() + " bits");
    }

    @Test
    void theSumOfTheLanesTakesEachOnce() {
        float expected = 0;
        for (int i = 0; i < Lanes.LANES; i++) expected += i + 1;
        assertEquals(expected, Lanes.sum(Lanes.all(0).addIndex(1).add(1)));
    }
}
