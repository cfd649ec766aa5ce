package dev.freecp.convert.source;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.function.Executable;

/** Expects a refusal. */
final class Refusals {

    private Refusals() {
    }

    static void assertRefused(Refusal.Kind kind, String reason, Executable attempt) {
        Refusal refusal = assertThrows(Refusal.class, attempt);
        assertEquals(kind, refusal.kind(), refusal.getMessage());
        assertTrue(refusal.getMessage().contains(reason), refusal.getMessage());
    }
}
