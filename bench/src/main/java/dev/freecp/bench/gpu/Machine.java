package dev.freecp.bench.gpu;

import dev.freecp.cli.Version;
import dev.freecp.cuda.CardFacts;
import dev.freecp.cuda.CudaOps;
import dev.freecp.cuda.Driver;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What results were measured on: read, never changed. */
final class Machine {

    /** What NVIDIA's tool knows beyond the driver API: the driver's own version, clocks now, and why they are no higher. */
    private static final List<String> FIELDS = List.of("driver_version", "clocks.sm", "clocks.mem", "clocks.max.sm", "clocks.max.mem", "power.limit", "temperature.gpu",
        "clocks_event_reasons.active");

    private Machine() {
    }

    static Map<String, Object> facts(CudaOps ops, int index, String commit) throws IOException {
        CardFacts card = ops.card();
        Map<String, Object> facts = new LinkedHashMap<>();
        facts.put("card", card.name());
        facts.put("compute capability", card.computeCapability());
        facts.put("multiprocessors", card.multiprocessors());
        facts.put("highest clock, MHz", card.megahertz());
        facts.put("memory clock, MHz", card.memoryMegahertz());
        facts.put("memory bus, bits", card.busBits());
        facts.put("second-level cache, bytes", card.cacheBytes());
        facts.put("memory, bytes", card.memoryBytes());
        facts.put("driver runs CUDA", Driver.probe().cudaVersion());
        facts.put("matrix products", ops.matrixProducts());
        tool(index).forEach(facts::put);
        facts.put("freecp", Version.number());
        facts.put("commit", commit);
        facts.put("java", System.getProperty("java.version"));
        facts.put("time", Instant.now().toString());
        return facts;
    }

    /** Empty where the tool is missing or knows less. */
    private static Map<String, String> tool(int index) throws IOException {
        Map<String, String> facts = new LinkedHashMap<>();
        Process process;
        try {
            process = new ProcessBuilder("nvidia-smi", "--id=" + index, "--query-gpu=" + String.join(",", FIELDS), "--format=csv,noheader")
                .redirectErrorStream(true).start();
        } catch (IOException missing) {
            return facts;
        }
        String[] values = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip().split(", ");
        if (values.length == FIELDS.size()) for (int i = 0; i < values.length; i++) facts.put("nvidia-smi " + FIELDS.get(i), values[i]);
        return facts;
    }
}
