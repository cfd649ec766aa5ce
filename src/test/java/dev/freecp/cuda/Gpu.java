package dev.freecp.cuda;

import static org.junit.jupiter.api.Assertions.fail;

import dev.freecp.error.DeviceException;
import dev.freecp.ops.Ops;
import dev.freecp.ops.Precision;
import java.nio.file.Path;
import java.util.List;

/**
 * A GPU for tests: the machine's own where there is one, the emulator's otherwise. Where neither can be had a test is skipped, and fails if
 * {@code -Dfreecp.require=cuda} asks for a real one or {@code FREECP_REQUIRE=emulator} for the emulator.
 */
public final class Gpu {

    private static final boolean REAL = hasReal();

    private Gpu() {
    }

    /** Whether it is a card. On the emulator tests choose smaller sizes. */
    public static boolean isReal() {
        return REAL;
    }

    /** Skips the calling test where there is neither. */
    public static void assumeAvailable() {
        if (REAL) return;
        if (List.of(System.getProperty("freecp.require", "").split(",")).contains("cuda")) fail("a GPU was required and is not there");
        Emulator.assumeAvailable();
        Emulator.load();
    }

    /**
     * The backend.
     *
     * @param cublas   with cuBLAS; otherwise with the project's own matrix products
     * @param schedule 1, 2 or 3: on the emulator threads run forward, in reverse or in random order; a card chooses by itself
     */
    public static Ops open(Precision precision, boolean cublas, int schedule) {
        assumeAvailable();
        if (!REAL) Emulator.order(Emulator.Order.values()[schedule - 1], schedule);
        return CudaOps.open(0, precision, libraries(cublas));
    }

    /** Where cuBLAS is looked for. */
    static CublasLibrary.Search libraries(boolean cublas) {
        if (!cublas) return CublasLibrary.Search.of(Path.of("none"));
        return CublasLibrary.Search.of(REAL ? null : Emulator.folder("plain"));
    }

    private static boolean hasReal() {
        try {
            Driver.probe();
            return true;
        } catch (DeviceException none) {
            return false;
        }
    }
}
