package dev.freecp.report.explain;

import com.fasterxml.jackson.jr.ob.JSON;
import dev.freecp.report.Markup;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * An explanation as one HTML page that asks nobody for anything: template, style and scripts lie beside this class, the facts are those of
 * {@link ExplainJson}, and a content security policy forbids the page to load what it does not bring.
 */
public final class ExplainPage {

    private static final List<String> SCRIPTS = List.of("base.js", "answer.js", "words.js", "windows.js", "groups.js", "affinity.js", "layers.js", "settings.js");
    private static final JSON PLAIN = JSON.std.with(JSON.Feature.WRITE_NULL_PROPERTIES);
    private static final Pattern PLACE = Pattern.compile("\\{\\{(\\w+)}}");

    private ExplainPage() {
    }

    /** Writes the page in UTF-8 and leaves the stream open. */
    public static void write(OutputStream out, Explanation explanation) throws IOException {
        StringBuilder scripts = new StringBuilder();
        for (String script : SCRIPTS) scripts.append(resource(script));
        Map<String, String> parts = Map.of("title", Markup.escape(explanation.picture().name() + " explained"), "style", resource("page.css"),
            "facts", data(ExplainJson.of(explanation, Map.of())), "pixels", data(PagePixels.of(explanation)), "script", scripts.toString());
        String page = PLACE.matcher(resource("page.html")).replaceAll(place -> Matcher.quoteReplacement(parts.get(place.group(1))));
        out.write(page.getBytes(StandardCharsets.UTF_8));
    }

    /** JSON that can stand in a script element: no text in it ends the element or begins a comment. */
    private static String data(Object value) throws IOException {
        return PLAIN.asString(value).replace("<", "\\u003c");
    }

    private static String resource(String name) throws IOException {
        try (InputStream in = ExplainPage.class.getResourceAsStream(name)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
