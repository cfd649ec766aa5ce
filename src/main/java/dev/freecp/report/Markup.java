package dev.freecp.report;

import java.util.Locale;

/** Text for HTML and SVG. */
public final class Markup {

    private Markup() {
    }

    /** Text in which nothing is markup. */
    public static String escape(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace("\"", "&quot;");
    }

    /** A score with two decimals, a dash for none. */
    static String score(double value) {
        return Double.isNaN(value) ? "–" : String.format(Locale.ROOT, "%.2f", value);
    }

    /** A coordinate. */
    public static String at(double value) {
        return String.format(Locale.ROOT, "%.1f", value);
    }
}
