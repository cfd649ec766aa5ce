package dev.freecp.ops;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class ErfTest {

    @Test
    void agreesWithCommonsMath() {
        for (double x = -8; x <= 8; x += 0.01) assertEquals(org.apache.commons.math3.special.Erf.erf(x), Erf.erf(x), 1e-14, "at " + x);
    }
}
