package dev.freecp.report.export;

import com.fasterxml.jackson.jr.ob.JSON;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** JSON of maps and lists, without spaces: coordinates are most of it. */
final class Json {

    private static final JSON STYLE = JSON.std.with(JSON.Feature.WRITE_NULL_PROPERTIES);

    private Json() {
    }

    static String text(Object value) throws IOException {
        return STYLE.asString(value);
    }

    static byte[] bytes(Object value) throws IOException {
        return STYLE.asBytes(value);
    }

    /** Keys and values in turn. */
    static Map<String, Object> object(Object... entries) {
        Map<String, Object> object = new LinkedHashMap<>();
        for (int i = 0; i < entries.length; i += 2) object.put((String) entries[i], entries[i + 1]);
        return object;
    }

    /** A list of x, y pairs. */
    static List<int[]> points(Ring ring) {
        List<int[]> points = new ArrayList<>(ring.corners() + 1);
        for (int i = 0; i < ring.corners(); i++) points.add(new int[] {ring.x(i), ring.y(i)});
        return points;
    }

    /** Six decimals: more would be noise. */
    static double round(double value) {
        return Math.round(value * 1e6) / 1e6;
    }
}
