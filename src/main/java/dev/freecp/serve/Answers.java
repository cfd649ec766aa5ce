package dev.freecp.serve;

import dev.freecp.image.GreyPng;
import dev.freecp.image.LabelPng;
import dev.freecp.image.Picture;
import dev.freecp.image.PicturePng;
import dev.freecp.report.LabelColors;
import dev.freecp.report.Overlay;
import dev.freecp.report.PictureReport;
import dev.freecp.report.RunFacts;
import dev.freecp.report.explain.ExplainPage;
import dev.freecp.report.explain.Explainer;
import dev.freecp.report.explain.Explanation;
import dev.freecp.report.export.ExportFormat;
import dev.freecp.report.export.ExportPicture;
import dev.freecp.segment.Segmentation;
import dev.freecp.segment.Segmenter;
import dev.freecp.segment.Vocabulary;
import dev.freecp.segment.WordFeatures;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/** The forms in which a result leaves: byte for byte what the command line writes to files. */
final class Answers {

    private static final int CONFIDENCE_BITS = 16;
    private static final Set<String> ARCHIVED = Set.of("classes", "npy", "yolo");

    private final Segmenter segmenter;
    private final String version;

    Answers(Segmenter segmenter, String version) {
        this.segmenter = segmenter;
        this.version = version;
    }

    Reply of(Form form, Picture picture, Order order, Segmentation result) {
        Vocabulary vocabulary = result.vocabulary();
        if (form.export().isPresent()) return export(form.export().get(), form, picture, result);
        return switch (form.name()) {
            case Form.LABELS -> Reply.of(Reply.PNG, out -> LabelPng.write(out, result.labels(), vocabulary.labelNames().size()));
            case Form.OVERLAY -> Reply.of(Reply.PNG, out -> PicturePng.write(out,
                new Overlay(vocabulary.labelNames(), vocabulary.hasBackground() ? 0 : -1).draw(picture, result.labels())));
            case Form.CONFIDENCE -> Reply.of(Reply.PNG, out -> GreyPng.write(out, result.confidence(), picture.height(), picture.width(), CONFIDENCE_BITS));
            case Form.REPORT -> Reply.json(Reply.OK, report(picture, order, result));
            case Form.PIXELS -> {
                Map<String, Object> json = report(picture, order, result);
                json.put("pixels", pixels(result));
                yield Reply.json(Reply.OK, json);
            }
            default -> throw new IllegalArgumentException(form.name());
        };
    }

    /** A format of one file is answered with that; one that may have several always with an archive. */
    private static Reply export(ExportFormat format, Form form, Picture picture, Segmentation result) {
        String file = picture.name().replaceAll(".*[/\\\\]", ""), stem = file.replaceFirst("\\.[^.]*$", "").replaceAll("[^\\p{L}\\p{N}_.-]", "_");
        Map<String, ExportFormat.Content> files = format.alone(new ExportPicture(stem.isEmpty() ? "picture" : stem, file, result, form.how()));
        if (!ARCHIVED.contains(format.name())) return Reply.of(format.mediaType(), files.values().iterator().next()::writeTo);
        return Reply.of("application/zip", out -> {
            ZipOutputStream zip = new ZipOutputStream(out);
            for (Map.Entry<String, ExportFormat.Content> entry : files.entrySet()) {
                zip.putNextEntry(new ZipEntry(entry.getKey()));
                entry.getValue().writeTo(zip);
                zip.closeEntry();
            }
            zip.finish();
        });
    }

    /** The page that explains the picture. It carries its own scripts, so it is for a file; shown from here, the browser does not run them. */
    Reply explanation(Picture picture, Order order, WordFeatures words) {
        Explanation explanation = Explainer.explain(segmenter, facts(order), picture, words);
        return Reply.of("text/html; charset=utf-8", out -> ExplainPage.write(out, explanation));
    }

    private RunFacts facts(Order order) {
        return new RunFacts(version, segmenter.clip(), segmenter.device(), order.mode(), order.settings(), order.text());
    }

    private Map<String, Object> report(Picture picture, Order order, Segmentation result) {
        return PictureReport.of(facts(order), picture.name(), picture, result, Map.of());
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
        json.put("colors", IntStream.range(0, result.vocabulary().labelNames().size())
            .mapToObj(label -> String.format(Locale.ROOT, "#%06x", LabelColors.of(label))).toList());
        return json;
    }
}
