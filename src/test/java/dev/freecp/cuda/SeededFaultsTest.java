package dev.freecp.cuda;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import dev.freecp.error.DeviceException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Where a kernel has lost a barrier, a bounds check or a wait, the suite fails: copies of kernels run in the place of the shipped ones. */
class SeededFaultsTest {

    @TempDir
    private Path copy;

    @TempDir
    private Path modules;

    @BeforeEach
    void begin() {
        Gpu.assumeAvailable();
        assumeFalse(Gpu.isReal(), "a card runs the PTX that ships, not these sources");
    }

    @AfterEach
    void end() {
        Emulator.usualModules();
    }

    @ParameterizedTest
    @EnumSource
    void isNoticed(SeededFault fault) throws IOException {
        assertNotEquals(List.of(), schedulesThatNotice(fault, true));
    }

    /** One for each source: so that it is the missing part that is noticed. */
    @ParameterizedTest
    @EnumSource(names = {"TENSOR_CORES_MULTIPLY_COPIES_ON_THEIR_WAY", "ATTENTION_READS_COPIES_ON_THEIR_WAY", "GEMM_WRITES_BESIDE_ITS_MATRIX", "SOFTMAX_OVERWRITES_SCORES_OF_ITS_WARP", "BOXES_CLEAR_A_THRESHOLD_IN_USE", "NORMS_GO_ON_BEHIND_THE_LAST_ROW"})
    void aFaithfulCopyPasses(SeededFault fault) throws IOException {
        assertEquals(List.of(), schedulesThatNotice(fault, false));
    }

    private List<Integer> schedulesThatNotice(SeededFault fault, boolean faulty) throws IOException {
        fault.copy(copy, faulty);
        Emulator.buildModules(copy, modules, "--only=" + fault.module());
        Emulator.modules(modules);
        return IntStream.rangeClosed(1, 3).filter(schedule -> notices(fault.suite(), schedule)).boxed().toList();
    }

    private static boolean notices(SeededFault.Suite suite, int schedule) {
        try {
            suite.run(schedule);
            return false;
        } catch (AssertionError | DeviceException e) {
            return true;
        } finally {
            Emulator.resetErrors();
        }
    }
}
