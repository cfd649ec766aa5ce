package dev.freecp;

import static org.junit.jupiter.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.abort;

import java.util.List;

/** Things that a test needs and a machine may lack: {@code FREECP_REQUIRE=ptx,emulator} in the environment makes their absence a failure, as in CI. */
public final class Required {

    private Required() {
    }

    /** Ends a test for want of {@code thing}: skipped with the reason, or failed where the thing is required. */
    public static void missing(String thing, String reason) {
        if (List.of(System.getenv().getOrDefault("FREECP_REQUIRE", "").split(",")).contains(thing)) fail(thing + " was required and is not here: " + reason);
        abort(thing + " is not here: " + reason);
    }
}
