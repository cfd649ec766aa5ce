package dev.freecp.bench;

import dev.freecp.clip.Cleaning;
import dev.freecp.clip.PromptTemplates;
import dev.freecp.convert.RandomClip;
import dev.freecp.error.UsageException;
import dev.freecp.image.Picture;
import dev.freecp.segment.Descriptions;
import dev.freecp.segment.Device;
import dev.freecp.segment.Preset;
import dev.freecp.segment.QuerySentences;
import dev.freecp.segment.Segmentation;
import dev.freecp.segment.SegmentSettings;
import dev.freecp.segment.Segmenter;
import dev.freecp.segment.TextCache;
import dev.freecp.segment.TextSource;
import dev.freecp.segment.Vocabulary;
import dev.freecp.segment.WordFeatures;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;

/**
 * Time and memory of a whole picture at the published sizes: {@code WholePicture ViT-B-16|ViT-L-14 FOLDER [runs [threads]]}. A seeded random
 * checkpoint is written to FOLDER if there is none; the picture is 500 x 375, the words are COCO Stuff's 171 with one template, windows are
 * 448/384/112. Prints each run's processor and wall seconds.
 */
public final class WholePicture {

    private WholePicture() {
    }

    public static void main(String[] args) throws IOException {
        RandomClip size = RandomClip.named(args[0]).orElseThrow(() -> new UsageException(args[0] + ": choose one of " + String.join(", ", RandomClip.names())));
        Path folder = Path.of(args[1]);
        int runs = args.length > 2 ? Integer.parseInt(args[2]) : 3;
        int threads = args.length > 3 ? Integer.parseInt(args[3]) : Runtime.getRuntime().availableProcessors();
        if (!Files.exists(folder.resolve("config.json"))) size.write(folder, 1);
        try (Segmenter segmenter = Segmenter.open(folder, Device.choose("cpu", threads))) {
            System.out.println(segmenter.device());
            Vocabulary words = Preset.COCO_STUFF.vocabulary();
            QuerySentences sentences = QuerySentences.of(words, PromptTemplates.single("a photo of a {}."), Descriptions.none(), TextSource.TEMPLATES, 0);
            double start = cpuSeconds();
            WordFeatures features = segmenter.words(words, sentences, TextCache.off(), Cleaning.PLAIN);
            System.out.printf("%d words: %.1f s of processor time%n", words.words().size(), cpuSeconds() - start);
            for (int run = 0; run < runs; run++) run(segmenter, features);
        }
        System.out.println("peak resident memory: " + peakResident());
    }

    private static void run(Segmenter segmenter, WordFeatures features) {
        double cpu = cpuSeconds(), wall = System.nanoTime() * 1e-9;
        Segmentation result = segmenter.segment(picture(), features, SegmentSettings.defaults());
        System.out.printf("%d windows: %.2f s of processor time, %.2f s on the wall; %s%n", result.windows().size(), cpuSeconds() - cpu, System.nanoTime() * 1e-9 - wall,
            result.seconds());
    }

    /** Smooth seeded colours, 500 x 375. */
    private static Picture picture() {
        int height = 375, width = 500;
        byte[] rgb = new byte[3 * height * width];
        double[] f = new Random(3).doubles(9, 0.01, 0.06).toArray();
        for (int i = 0; i < rgb.length; i++) {
            int c = i % 3, x = i / 3 % width, y = i / 3 / width;
            rgb[i] = (byte) (128 + 100 * Math.sin(f[c] * x + f[3 + c] * y) * Math.cos(f[6 + c] * (x - y)));
        }
        return Picture.of("waves", height, width, rgb);
    }

    private static double cpuSeconds() {
        return ((com.sun.management.OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean()).getProcessCpuTime() * 1e-9;
    }

    private static String peakResident() throws IOException {
        Path status = Path.of("/proc/self/status");
        if (!Files.exists(status)) return "unknown on this system";
        return Files.readAllLines(status).stream().filter(line -> line.startsWith("VmHWM")).findFirst().map(line -> line.replaceAll("VmHWM:\\s+", "")).orElse("unknown");
    }
}
