package dev.freecp.bench.report;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * One line of the results, of this program or a peer: what {@code freecp bench report} draws.
 *
 * @param group          what belongs into one chart: {@code products ViT-B-16}
 * @param name           what was done: {@code fc1 M=577}
 * @param implementation who did it: {@code cuBLAS}
 * @param precision      {@code fp16}
 * @param value          the result; more is better, except in microseconds
 * @param unit           its unit
 * @param time           what it was computed from
 * @param extra          shares of ceilings ({@code share of peak}) and whatever else belongs to it
 */
public record Result(String group, String name, String implementation, String precision, double value, String unit, Measurement time, Map<String, Object> extra) {

    Map<String, Object> json() {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("group", group);
        json.put("name", name);
        json.put("implementation", implementation);
        json.put("precision", precision);
        json.put("value", value);
        json.put("unit", unit);
        json.put("microseconds", time.median());
        json.put("low", time.low());
        json.put("high", time.high());
        json.put("samples", time.samples());
        json.put("extra", extra);
        return json;
    }
}
