package dev.freecp.serve;

import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;

/**
 * Fetches pictures of Label Studio's tasks. Tasks are written by others, so their addresses lead nowhere but where whoever started the server allowed:
 * into one folder, and to one address, whose redirects are not followed.
 */
final class TaskPictures {

    private static final String DATA = "data:", UPLOADS = "/data/";
    private static final int OK = 200;

    private final ServerOptions.Studio studio;
    private final long maxBytes;
    private final Duration timeout;

    TaskPictures(ServerOptions.Studio studio, long maxBytes, Duration timeout) {
        this.studio = studio;
        this.maxBytes = maxBytes;
        this.timeout = timeout;
    }

    /** @throws Refusal if the place is not one of those allowed, or has nothing to read */
    byte[] read(String place) {
        if (place.startsWith(DATA)) return embedded(place);
        try {
            if (place.startsWith(UPLOADS)) {
                if (studio.root().isPresent()) return upload(place.substring(UPLOADS.length()), studio.root().get());
                if (studio.url().isPresent()) return download(studio.url().get().resolve(place));
            } else if (studio.url().isPresent() && place.startsWith("http")) {
                return download(URI.create(place));
            }
        } catch (IOException | IllegalArgumentException e) {
            throw new Refusal(Refusal.BAD_REQUEST, "the task's picture " + shown(place) + " cannot be read");
        }
        throw new Refusal(Refusal.BAD_REQUEST, "the task's picture " + shown(place) + " is neither a data: URI nor at a place that this server was allowed"
            + " with --label-studio-root or --label-studio-url");
    }

    private static byte[] embedded(String uri) {
        int comma = uri.indexOf(',');
        try {
            if (comma > 0 && uri.substring(0, comma).endsWith(";base64")) return Base64.getMimeDecoder().decode(uri.substring(comma + 1));
        } catch (IllegalArgumentException _) {
            // Said below.
        }
        throw new Refusal(Refusal.BAD_REQUEST, "the task's picture " + shown(uri) + " is no data: URI in base64");
    }

    /** Links are followed before it is asked whether the file lies in the folder. */
    private byte[] upload(String name, Path root) throws IOException {
        Path folder = root.toRealPath();
        Path file;
        try {
            file = folder.resolve(URLDecoder.decode(name, StandardCharsets.UTF_8)).toRealPath();
        } catch (InvalidPathException e) {
            throw new IOException(e);
        }
        if (!file.startsWith(folder)) throw new IOException("outside of the folder");
        try (InputStream in = Files.newInputStream(file)) {
            return limited(in);
        }
    }

    private byte[] download(URI uri) throws IOException {
        URI allowed = studio.url().orElseThrow();
        if (!origin(uri).equals(origin(allowed)))
            throw new Refusal(Refusal.BAD_REQUEST, "the task's picture " + shown(uri.toString()) + " is not at " + allowed);
        HttpURLConnection connection = (HttpURLConnection) uri.toURL().openConnection();
        connection.setInstanceFollowRedirects(false);
        connection.setConnectTimeout((int) timeout.toMillis());
        connection.setReadTimeout((int) timeout.toMillis());
        studio.key().ifPresent(key -> connection.setRequestProperty("Authorization", "Token " + key));
        try {
            if (connection.getResponseCode() != OK) throw new IOException("status " + connection.getResponseCode());
            try (InputStream in = connection.getInputStream()) {
                return limited(in);
            }
        } finally {
            connection.disconnect();
        }
    }

    private static String origin(URI uri) {
        return uri.getScheme() + "://" + uri.getRawAuthority();
    }

    private byte[] limited(InputStream in) throws IOException {
        byte[] bytes = in.readNBytes((int) maxBytes + 1);
        if (bytes.length > maxBytes) throw new Refusal(Refusal.BAD_REQUEST, "the task's picture is larger than the limit of " + maxBytes + " bytes");
        return bytes;
    }

    private static String shown(String place) {
        return "'" + (place.length() <= 80 ? place : place.substring(0, 77) + "...") + "'";
    }
}
