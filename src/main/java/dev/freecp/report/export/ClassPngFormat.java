package dev.freecp.report.export;

import dev.freecp.image.GreyPng;
import dev.freecp.segment.Vocabulary;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.IntStream;

/** For each label that has pixels, the background too, a picture that is white there and black elsewhere. */
final class ClassPngFormat implements PictureFormat {

    private static final int BITS = 8;

    @Override
    public String name() {
        return "classes";
    }

    @Override
    public String mediaType() {
        return "image/png";
    }

    @Override
    public boolean hasRegions() {
        return false;
    }

    @Override
    public List<String> endings(Vocabulary vocabulary) {
        return IntStream.range(0, vocabulary.labelNames().size()).mapToObj(label -> ending(vocabulary, label)).toList();
    }

    /** The number tells the label; the name beside it is for the eye, and spelt so that every file system takes it. */
    private static String ending(Vocabulary vocabulary, int label) {
        String name = vocabulary.labelNames().get(label).toLowerCase(Locale.ROOT).replaceAll("[^\\p{L}\\p{N}]+", "-");
        return String.format(Locale.ROOT, ".class-%03d-%s.png", label, name);
    }

    @Override
    public Map<String, Content> files(ExportPicture picture) {
        int[] labels = picture.labels().labels();
        Map<String, Content> files = new LinkedHashMap<>();
        Arrays.stream(labels).distinct().sorted().forEach(label -> files.put(picture.name() + ending(picture.vocabulary(), label), out -> {
            float[] white = new float[labels.length];
            for (int i = 0; i < labels.length; i++) if (labels[i] == label) white[i] = 1;
            GreyPng.write(out, white, picture.height(), picture.width(), BITS);
        }));
        return files;
    }
}
