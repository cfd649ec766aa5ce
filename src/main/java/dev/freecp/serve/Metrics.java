package dev.freecp.serve;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.DoubleSupplier;

/** Counts of what happened, in the text format of Prometheus. Safe for many threads. */
final class Metrics {

    private static final double[] SECONDS = {0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60};

    private final Map<Answered, Long> requests = new TreeMap<>();
    private final Map<String, Histogram> seconds = new TreeMap<>();
    private final Map<String, Value> values = new LinkedHashMap<>();

    private record Answered(String route, int code) implements Comparable<Answered> {
        @Override
        public int compareTo(Answered other) {
            return route.equals(other.route) ? Integer.compare(code, other.code) : route.compareTo(other.route);
        }
    }

    private record Value(String type, String help, DoubleSupplier now) {
    }

    private static final class Histogram {
        private final long[] atMost = new long[SECONDS.length];
        private long count;
        private double sum;
    }

    /** A number that grows only, or one that comes and goes. */
    void value(String name, String type, String help, DoubleSupplier now) {
        values.put(name, new Value(type, help, now));
    }

    synchronized void answered(String route, int code, double duration) {
        requests.merge(new Answered(route, code), 1L, Long::sum);
        Histogram histogram = seconds.computeIfAbsent(route, _ -> new Histogram());
        for (int i = 0; i < SECONDS.length; i++) if (duration <= SECONDS[i]) histogram.atMost[i]++;
        histogram.count++;
        histogram.sum += duration;
    }

    synchronized String text() {
        StringBuilder text = new StringBuilder();
        head(text, "freecp_requests_total", "counter", "Requests answered, by route and status code.");
        requests.forEach((key, count) -> line(text, "freecp_requests_total{route=\"" + key.route + "\",code=\"" + key.code + "\"}", count));
        head(text, "freecp_request_seconds", "histogram", "Time from a request's head to its answer, ready to be sent.");
        seconds.forEach((route, histogram) -> {
            String label = "{route=\"" + route + "\"";
            for (int i = 0; i < SECONDS.length; i++)
                line(text, "freecp_request_seconds_bucket" + label + ",le=\"" + number(SECONDS[i]) + "\"}", histogram.atMost[i]);
            line(text, "freecp_request_seconds_bucket" + label + ",le=\"+Inf\"}", histogram.count);
            line(text, "freecp_request_seconds_sum" + label + "}", histogram.sum);
            line(text, "freecp_request_seconds_count" + label + "}", histogram.count);
        });
        values.forEach((name, value) -> {
            head(text, name, value.type, value.help);
            line(text, name, value.now.getAsDouble());
        });
        return text.toString();
    }

    private static void head(StringBuilder text, String name, String type, String help) {
        text.append("# HELP ").append(name).append(' ').append(help).append("\n# TYPE ").append(name).append(' ').append(type).append('\n');
    }

    private static void line(StringBuilder text, String name, double value) {
        text.append(name).append(' ').append(number(value)).append('\n');
    }

    private static String number(double value) {
        return value == Math.rint(value) && Math.abs(value) < 1e15 ? Long.toString((long) value) : Double.toString(value);
    }
}
