package dev.freecp.report.export;

import dev.freecp.image.LabelMap;
import dev.freecp.segment.Segmentation;
import dev.freecp.segment.Vocabulary;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** A picture's result on its way to other tools. Its regions are outlined once, when the first format asks. For one thread at a time. */
public final class ExportPicture {

    private final String name;
    private final String file;
    private final Segmentation result;
    private final ExportSettings settings;
    private int[] numbers;
    private List<Outline> outlines;

    /**
     * @param name what the files are called, without endings
     * @param file the picture as seen from the folder of the exports, with {@code /} between the parts
     */
    public ExportPicture(String name, String file, Segmentation result, ExportSettings settings) {
        this.name = name;
        this.file = file;
        this.result = result;
        this.settings = settings;
    }

    String name() {
        return name;
    }

    String file() {
        return file;
    }

    /** The last part of {@link #file}. */
    String fileName() {
        return file.substring(file.lastIndexOf('/') + 1);
    }

    LabelMap labels() {
        return result.labels();
    }

    int height() {
        return labels().height();
    }

    int width() {
        return labels().width();
    }

    float[] confidence() {
        return result.confidence();
    }

    Vocabulary vocabulary() {
        return result.vocabulary();
    }

    ExportSettings settings() {
        return settings;
    }

    /** The class of a label, from 0; -1 for the background. */
    int classOf(int label) {
        return vocabulary().hasBackground() ? label - 1 : label;
    }

    String className(Outline outline) {
        return vocabulary().classes().get(classOf(outline.label()));
    }

    /** The regions of all classes that are large enough, by label and then in the order of their first pixels; the background has none. */
    List<Outline> outlines() {
        if (outlines != null) return outlines;
        Regions regions = new Regions(labels(), confidence());
        Map<Integer, List<Outline>> byLabel = regions.outlines().stream()
            .filter(outline -> classOf(outline.label()) >= 0 && outline.pixels() >= settings.minArea())
            .collect(Collectors.groupingBy(Outline::label, TreeMap::new, Collectors.toList()));
        List<Outline> all = new ArrayList<>();
        byLabel.values().forEach(ofLabel -> all.addAll(Simplification.of(ofLabel, settings.simplify())));
        numbers = regions.numbers();
        outlines = List.copyOf(all);
        return outlines;
    }

    /** COCO's run lengths of the pixels of one of {@link #outlines}. */
    int[] runs(Outline outline) {
        return MaskRuns.of(outline, numbers, height(), width());
    }
}
