package dev.freecp.cuda;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.freecp.cuda.CublasLibrary.Search;
import dev.freecp.ops.Ops;
import dev.freecp.ops.Precision;
import dev.freecp.parity.SelfTest;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Every operation on many sizes under AddressSanitizer, where a kernel that reads or writes outside its tensors ends the process. */
class SanitizedKernelsTest {

    private static final Path FOLDER = Emulator.folder("asan");

    @BeforeEach
    void build() {
        Emulator.assumeAvailable();
        Emulator.build(Emulator.KERNELS, FOLDER, "--asan");
    }

    /** Who multiplies and attends. */
    private record Choice(Path library, Ways ways) {
    }

    /** What a process with other arguments did. */
    private record Run(int code, String said) {

        static Run of(String... arguments) throws IOException, InterruptedException {
            Process run = Emulator.sanitized(FOLDER, SanitizedKernelsTest.class, arguments);
            String said = new String(run.getInputStream().readAllBytes());
            return new Run(run.waitFor(), said);
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"FP32", "FP16"})
    void stayWithinTheirTensors(Precision precision) throws IOException, InterruptedException {
        Run run = Run.of(precision.name());
        assertEquals(0, run.code, run.said);
    }

    /** Without the check, a warp reads the row behind the last: the gap that lies there, not the end of an allocation. */
    @Test
    void noticesARowTooMany(@TempDir Path copy, @TempDir Path modules) throws IOException, InterruptedException {
        SeededFault.NORMS_GO_ON_BEHIND_THE_LAST_ROW.copy(copy, true);
        Emulator.build(copy, modules, "--asan", "--modules-for=" + FOLDER);
        Run run = Run.of(Precision.FP32.name(), modules.toString());
        assertNotEquals(0, run.code, run.said);
        assertTrue(run.said.contains("use-after-poison") && run.said.contains("rows.cu"), run.said);
    }

    /** The process. Arguments: a precision, and where modules are that take the place of the usual ones. */
    public static void main(String[] arguments) {
        Emulator.load();
        Emulator.order(Emulator.Order.RANDOM, 1);
        if (arguments.length > 1) Emulator.modules(Path.of(arguments[1]));
        Precision precision = Precision.valueOf(arguments[0]);
        boolean pass = true;
        Path none = Path.of("none"), cublas = Path.of(System.getProperty("freecp.emulator"));
        Ways naive = new Ways(Ways.Products.NAIVE, Ways.Attention.NAIVE, Ways.Launches.GRAPHS);
        for (Choice choice : List.of(new Choice(none, Ways.CHOSEN), new Choice(cublas, Ways.CHOSEN), new Choice(none, naive))) {
            try (Ops ops = CudaOps.open(0, precision, Search.of(choice.library), choice.ways, GuardedHeap::new)) {
                for (SelfTest.Result result : SelfTest.run(ops, precision, true)) {
                    System.out.println(result);
                    pass &= result.pass();
                }
            }
        }
        System.exit(pass ? 0 : 1);
    }
}
