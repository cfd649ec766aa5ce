package dev.freecp.bench.peer;

import dev.freecp.clip.VisionConfig;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** The blocks of a vision tower in torch, in a process beside that waits until it is asked ({@code bench/peers/cpu_tower.py}). */
public final class TorchTower implements AutoCloseable {

    /** How long a call took there, of all its threads together and on the wall. */
    public record Seconds(double processor, double wall) {
    }

    private final Process process;
    private final BufferedReader answers;
    private final PrintWriter questions;
    private final String version;

    /**
     * Starts it.
     *
     * @param python what runs Python
     * @throws IOException if it cannot be run or has no torch; the message is for people
     */
    public TorchTower(String python, Path script, VisionConfig config, int tokens, int threads) throws IOException {
        List<String> command = List.of(python, script.toString(), "--width", "" + config.width(), "--heads", "" + config.heads(), "--layers", "" + config.layers(),
            "--tokens", "" + tokens, "--threads", "" + threads);
        ProcessBuilder builder = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD);
        // Threads that wait for work without sleeping would run while others are measured.
        builder.environment().putAll(Map.of("OMP_WAIT_POLICY", "PASSIVE", "KMP_BLOCKTIME", "0", "OMP_NUM_THREADS", "" + threads));
        process = builder.start();
        answers = process.inputReader(StandardCharsets.UTF_8);
        questions = new PrintWriter(process.outputWriter(StandardCharsets.UTF_8), true);
        version = answers.readLine();
        if (version == null) throw new IOException(python + " " + script + " ended at once; it needs torch");
    }

    public String version() {
        return version;
    }

    public Seconds run(int batch) {
        questions.println(batch);
        try {
            String answer = answers.readLine();
            if (answer == null) throw new IllegalStateException("torch ended while it was measured");
            String[] numbers = answer.split(" ");
            return new Seconds(Double.parseDouble(numbers[0]), Double.parseDouble(numbers[1]));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Ends the process: without questions it has nothing to do. */
    @Override
    public void close() {
        questions.close();
        process.destroy();
    }
}
