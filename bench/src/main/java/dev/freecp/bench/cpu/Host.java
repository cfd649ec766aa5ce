package dev.freecp.bench.cpu;

import dev.freecp.cli.Version;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;

/** What results were measured on. */
final class Host {

    private static final Path PROCESSORS = Path.of("/proc/cpuinfo"), STATUS = Path.of("/proc/self/status");

    private Host() {
    }

    static Map<String, Object> facts(String commit) throws IOException {
        Map<String, Object> facts = new LinkedHashMap<>();
        facts.put("processor", line(PROCESSORS, "model name"));
        facts.put("processors", Runtime.getRuntime().availableProcessors());
        facts.put("system", System.getProperty("os.name") + " " + System.getProperty("os.version"));
        facts.put("freecp", Version.number());
        facts.put("commit", commit);
        facts.put("java", System.getProperty("java.version"));
        facts.put("largest heap, MB", Runtime.getRuntime().maxMemory() >> 20);
        facts.put("load average at the start", load());
        facts.put("time", Instant.now().toString());
        return facts;
    }

    /** Of the last minute; -1 where the system does not tell. */
    static double load() {
        return ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage();
    }

    /** {@code 1234567 kB}. */
    static String peakResident() throws IOException {
        return line(STATUS, "VmHWM");
    }

    private static String line(Path file, String key) throws IOException {
        if (!Files.exists(file)) return "unknown on this system";
        return Files.readAllLines(file).stream().filter(line -> line.startsWith(key)).findFirst().map(line -> line.replaceFirst(".*?:\\s*", "")).orElse("unknown");
    }
}
