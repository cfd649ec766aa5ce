package dev.freecp.cuda;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.freecp.Golden;
import dev.freecp.ops.Precision;
import dev.freecp.parity.Parity;
import dev.freecp.parity.ParityReport;
import dev.freecp.parity.ParityText;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The engine gives the released program's numbers on a GPU, in float32, whoever multiplies. */
class CudaGoldenTest {

    private static final int RANDOM_ORDER = 3;

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void everyStageOfEveryGoldenIsWithinItsLimit(boolean cublas) {
        Gpu.assumeAvailable();
        ParityReport report = Parity.run(Golden.path("golden"), () -> Gpu.open(Precision.FP32, cublas, RANDOM_ORDER), check -> { });
        assertEquals(List.of(), report.failures(), ParityText.summary(report));
    }
}
