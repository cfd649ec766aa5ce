package dev.freecp.parity;

import dev.freecp.purify.WindowReport;
import java.util.Map;

/**
 * What the whole chain gave for one window.
 *
 * @param values by the names of the golden's tensors, as far as they are needed
 * @param report its decisions
 */
record WindowRun(Map<String, float[]> values, WindowReport report) {

    float[] value(Stage stage) {
        return values.get(stage.label());
    }
}
