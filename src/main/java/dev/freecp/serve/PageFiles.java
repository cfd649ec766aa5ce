package dev.freecp.serve;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** The page's files and the description of the API, which come with the program. They say nothing about pictures or words, so they need no token. */
final class PageFiles {

    /** Path to resource and media type. */
    private record PageFile(String path, String resource, String type) {
    }

    private static final List<PageFile> FILES = List.of(
        new PageFile("/", "index.html", "text/html; charset=utf-8"),
        new PageFile("/page.css", "page.css", "text/css; charset=utf-8"),
        new PageFile("/page.js", "page.js", "text/javascript; charset=utf-8"),
        new PageFile("/labels.js", "labels.js", "text/javascript; charset=utf-8"),
        new PageFile("/legend.js", "legend.js", "text/javascript; charset=utf-8"),
        new PageFile("/icon.svg", "icon.svg", "image/svg+xml"),
        new PageFile("/openapi.json", "openapi.json", "application/json"));

    private PageFiles() {
    }

    static Stream<Route> routes() {
        return FILES.stream().map(file -> {
            Reply reply = new Reply(Reply.OK, file.type, bytes(file.resource), Map.of("Cache-Control", "no-cache"));
            return new Route("GET", file.path, true, (_, _) -> reply);
        });
    }

    private static byte[] bytes(String resource) {
        try (InputStream in = PageFiles.class.getResourceAsStream(resource)) {
            if (in == null) throw new IllegalStateException(resource + " is not among the program's resources");
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
