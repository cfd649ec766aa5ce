package dev.freecp.evaluate;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.jr.ob.JSON;
import dev.freecp.error.InputException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * What is done of an evaluation, so that it can go on after any interruption: a first line with the settings, then one line for each finished
 * picture with its counts (docs/evaluate.md). A line counts once its line feed is there; the rest of a line that was cut off is removed when the file
 * is opened again. One process at a time has it.
 */
public final class Journal implements AutoCloseable {

    private static final int FORMAT = 1;

    private final Path file;
    private final FileChannel channel;
    private final Map<String, Line> done = new LinkedHashMap<>();

    /**
     * A finished picture.
     *
     * @param id     of the sample
     * @param sha256 of the picture's file and its true labels
     * @param counts one for each variant of the run
     */
    public record Line(String id, String sha256, List<PictureCounts> counts) {
    }

    private Journal(Path file, FileChannel channel) {
        this.file = file;
        this.channel = channel;
    }

    /**
     * Opens a journal, or begins one.
     *
     * @param settings all that decides the counts, as it becomes JSON
     * @param classes  K
     * @param variants how many counts a line has
     * @throws InputException if the file belongs to a run with other settings or another process has it, or it is no journal
     */
    public static Journal open(Path file, Map<String, ?> settings, int classes, int variants) {
        try {
            FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
            Journal journal = new Journal(file, channel);
            try {
                journal.lock();
                journal.read(header(settings), classes, variants);
                return journal;
            } catch (RuntimeException | IOException e) {
                channel.close();
                throw e;
            }
        } catch (IOException e) {
            throw new InputException(file + ": the journal of the run cannot be opened (" + e.getMessage() + ")", e);
        }
    }

    private static Map<String, Object> header(Map<String, ?> settings) throws IOException {
        Map<String, Object> header = new LinkedHashMap<>();
        header.put("journal", FORMAT);
        header.put("settings", settings);
        return JSON.std.mapFrom(json(header));
    }

    private static String json(Object value) throws IOException {
        return JSON.std.with(JSON.Feature.WRITE_NULL_PROPERTIES).asString(value);
    }

    private void lock() throws IOException {
        FileLock lock;
        try {
            lock = channel.tryLock();
        } catch (OverlappingFileLockException _) {
            lock = null;
        }
        if (lock == null) throw new InputException(file + ": another run is writing this journal; wait for it, or choose another --out");
    }

    private void read(Map<String, Object> header, int classes, int variants) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(Math.toIntExact(channel.size()));
        while (bytes.hasRemaining() && channel.read(bytes) >= 0) { }
        int end = bytes.position();
        while (end > 0 && bytes.get(end - 1) != '\n') end--;                                  // what follows was being written when the process ended
        channel.truncate(end).position(end);
        if (end == 0) {
            write(json(header));
            return;
        }
        String[] lines = new String(bytes.array(), 0, end, StandardCharsets.UTF_8).split("\n");
        requireSame("", header, object(lines[0], 1));
        for (int i = 1; i < lines.length; i++) {
            Line line = line(object(lines[i], i + 1), i + 1, classes, variants);
            if (done.put(line.id, line) != null) throw broken(i + 1, "'" + line.id + "' comes twice", null);
        }
    }

    private Map<String, Object> object(String line, int number) throws IOException {
        try {
            return JSON.std.mapFrom(line);
        } catch (JacksonException e) {
            throw broken(number, "no JSON object", e);
        }
    }

    private Line line(Map<String, Object> json, int number, int classes, int variants) {
        try {
            List<PictureCounts> counts = new ArrayList<>();
            for (Object text : (List<?>) json.get("counts")) counts.add(PictureCounts.parse((String) text, classes));
            if (counts.size() != variants) throw broken(number, counts.size() + " counts instead of " + variants, null);
            String id = (String) json.get("id"), sha256 = (String) json.get("sha256");
            return new Line(Objects.requireNonNull(id, "no id"), Objects.requireNonNull(sha256, "no sha256"), List.copyOf(counts));
        } catch (ClassCastException | NullPointerException | IllegalArgumentException e) {
            throw broken(number, String.valueOf(e.getMessage()), e);
        }
    }

    private InputException broken(int line, String problem, Exception cause) {
        return new InputException(file + ": line " + line + " is no line of a journal (" + problem + "); delete the file to start anew", cause);
    }

    /** Names the first setting that differs. */
    private void requireSame(String place, Object wanted, Object found) {
        if (wanted instanceof Map<?, ?> a && found instanceof Map<?, ?> b && a.keySet().equals(b.keySet())) {
            a.forEach((key, value) -> requireSame(place.isEmpty() ? (String) key : place + "." + key, value, b.get(key)));
        } else if (!Objects.equals(wanted, found)) {
            String difference = place.isEmpty() ? "it is no journal of this version" : place + " was " + shown(found) + " and is " + shown(wanted);
            throw new InputException(file + ": belongs to a run with other settings (" + difference
                + "); choose another --out, or delete the file to start anew");
        }
    }

    private static String shown(Object value) {
        String text = String.valueOf(value);
        return text.length() <= 60 ? text : text.substring(0, 57) + "...";
    }

    /** The finished pictures by id, in the order in which they were finished. Not to be changed. */
    public Map<String, Line> done() {
        return done;
    }

    /** Adds a finished picture; when this returns, the end of the process no longer takes it away. */
    public void append(Line line) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("id", line.id);
        json.put("sha256", line.sha256);
        json.put("counts", line.counts.stream().map(PictureCounts::format).toList());
        try {
            write(json(json));
        } catch (IOException e) {
            throw new InputException(file + ": cannot be written (" + e.getMessage() + ")", e);
        }
        done.put(line.id, line);
    }

    private void write(String json) throws IOException {
        ByteBuffer bytes = ByteBuffer.wrap((json + "\n").getBytes(StandardCharsets.UTF_8));
        while (bytes.hasRemaining()) channel.write(bytes);
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
