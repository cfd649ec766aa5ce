package dev.freecp.cuda;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.freecp.Golden;
import dev.freecp.ops.Precision;
import dev.freecp.parity.GoldenCopy;
import dev.freecp.parity.Parity;
import dev.freecp.parity.ParityReport;
import dev.freecp.parity.ParityText;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The engine gives the released program's numbers on a GPU, in float32, whoever multiplies. */
class CudaGoldenTest {

    private static final int RANDOM_ORDER = 3;

    private static void assertEveryStageIsWithinItsLimit(Path goldens, boolean cublas) {
        Gpu.assumeAvailable();
        ParityReport report = Parity.run(goldens, () -> Gpu.open(Precision.FP32, cublas, RANDOM_ORDER), check -> { });
        assertEquals(List.of(), report.failures(), ParityText.summary(report));
    }

    @Test
    void everyGolden() {
        assertEveryStageIsWithinItsLimit(Golden.path("golden"), true);
    }

    /** Own float32 products take the emulator three times as long: all units and purifications, and of words and pictures the small ones. */
    @Test
    void someGoldensWithOwnProducts(@TempDir Path folder) throws IOException {
        new GoldenCopy(folder).with("", "README.md").with("models", "").with("units", "").with("purify", "").with("vocab", "three").with("vocab", "bg21").with("vocab", "b16.three")
            .with("vocab", "b16.bg21").with("seg", "strip.SCLIP").with("seg", "rect.vanilla");
        assertEveryStageIsWithinItsLimit(folder, false);
    }
}
