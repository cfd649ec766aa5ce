package dev.freecp.serve;

import dev.freecp.image.GreyPng;
import dev.freecp.image.LabelPng;
import dev.freecp.image.Picture;
import dev.freecp.image.PicturePng;
import dev.freecp.report.LabelColors;
import dev.freecp.report.Overlay;
import dev.freecp.report.PictureReport;
import dev.freecp.report.RunFacts;
import dev.freecp.segment.Segmentation;
import dev.freecp.segment.Segmenter;
import dev.freecp.segment.Vocabulary;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.IntStream;

/** The forms in which a result leaves: byte for byte what the command line writes to files. */
final class Answers {

    /** The forms by their names in requests. */
    static final List<String> FORMATS = List.of("labels", "overlay", "confidence", "json", "pixels");
    static final String DEFAULT_FORMAT = "json";

    private static final int CONFIDENCE_BITS = 16;

    private final Segmenter segmenter;
    private final String version;

    Answers(Segmenter segmenter, String version) {
        this.segmenter = segmenter;
        this.version = version;
    }

    /** The form that a request asks for. */
    static String format(Parameters parameters) {
        String format = parameters.take("format").orElse(DEFAULT_FORMAT);
        if (!FORMATS.contains(format)) throw new Refusal(Refusal.BAD_REQUEST, "there is no format '" + format + "'; choose one of " + String.join(", ", FORMATS));
        return format;
    }

    Reply of(String format, Picture picture, Order order, Segmentation result) {
        Vocabulary vocabulary = result.vocabulary();
        return switch (format) {
            case "labels" -> Reply.of(Reply.PNG, out -> LabelPng.write(out, result.labels(), vocabulary.labelNames().size()));
            case "overlay" -> Reply.of(Reply.PNG, out -> PicturePng.write(out, new Overlay(vocabulary.labelNames(), vocabulary.hasBackground() ? 0 : -1).draw(picture, result.labels())));
            case "confidence" -> Reply.of(Reply.PNG, out -> GreyPng.write(out, result.confidence(), picture.height(), picture.width(), CONFIDENCE_BITS));
            case "json" -> Reply.json(Reply.OK, report(picture, order, result));
            case "pixels" -> {
                Map<String, Object> json = report(picture, order, result);
                json.put("pixels", pixels(result));
                yield Reply.json(Reply.OK, json);
            }
            default -> throw new IllegalArgumentException(format);
        };
    }

    private Map<String, Object> report(Picture picture, Order order, Segmentation result) {
        RunFacts facts = new RunFacts(version, segmenter.clip(), segmenter.device(), order.mode(), order.settings(), order.text());
        return PictureReport.of(facts, picture.name(), picture, result, Map.of());
    }

    /** What a page needs to draw: 16-bit labels, low byte first, and 8-bit confidences, row by row, and a colour for every label. */
    private static Map<String, Object> pixels(Segmentation result) {
        ByteBuffer labels = ByteBuffer.allocate(Short.BYTES * result.confidence().length).order(ByteOrder.LITTLE_ENDIAN);
        for (int label : result.labels().labels()) labels.putShort((short) label);
        byte[] confidence = new byte[result.confidence().length];
        for (int i = 0; i < confidence.length; i++) confidence[i] = (byte) Math.clamp(Math.round(255 * result.confidence()[i]), 0, 255);
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("labels", Base64.getEncoder().encodeToString(labels.array()));
        json.put("confidence", Base64.getEncoder().encodeToString(confidence));
        json.put("colors", IntStream.range(0, result.vocabulary().labelNames().size()).mapToObj(label -> String.format(Locale.ROOT, "#%06x", LabelColors.of(label))).toList());
        return json;
    }
}
