package dev.freecp.serve;

import com.fasterxml.jackson.jr.ob.JSON;
import dev.freecp.image.Picture;
import dev.freecp.report.export.ExportFormats;
import dev.freecp.report.export.ExportPicture;
import dev.freecp.report.export.ExportSettings;
import dev.freecp.segment.Background;
import dev.freecp.segment.Segmentation;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.IntStream;

/**
 * The calls that Label Studio makes to a machine learning backend. The labels of a project's configuration are the classes; everything else is as the
 * server was started. A project's configuration comes with each call, so nothing is remembered.
 */
final class LabelStudio {

    private static final int SHORT_HASH = 12;

    /** Lines in place of the stairs that pixels make: such outlines are for hands. */
    private static final ExportSettings OUTLINES = new ExportSettings(false, 1, 0);

    private final Engine engine;
    private final WorkQueue queue;
    private final Order.Reader reader;
    private final TaskPictures pictures;
    private final String modelVersion;

    LabelStudio(Engine engine, WorkQueue queue, Order.Reader reader, TaskPictures pictures, String version) {
        this.engine = engine;
        this.queue = queue;
        this.reader = reader;
        this.pictures = pictures;
        this.modelVersion = "freecp-" + version + "-" + engine.segmenter().clip().sha256().substring(0, SHORT_HASH);
    }

    List<Route> routes() {
        return List.of(
            new Route("GET", "/health", true, (_, _) -> Reply.json(Reply.OK, Map.of("status", "UP", "model_class", "FreeCP"))),
            new Route("POST", "/setup", false, (call, _) -> setup(call)),
            new Route("POST", "/predict", false, (call, _) -> predict(call)));
    }

    private Reply setup(Call call) throws IOException {
        Map<String, Object> request = object(call);
        if (request.get("schema") instanceof String schema && !schema.isBlank()) order(LabelConfig.parse(schema));
        return Reply.json(Reply.OK, Map.of("model_version", modelVersion));
    }

    private Reply predict(Call call) throws Exception {
        call.requireSmall();
        try (WorkQueue.Place place = queue.enter()) {
            Map<String, Object> request = object(call);
            if (!(request.get("label_config") instanceof String xml)) throw new Refusal(Refusal.BAD_REQUEST, "the request has no label_config");
            if (!(request.get("tasks") instanceof List<?> tasks)) throw new Refusal(Refusal.BAD_REQUEST, "the request has no tasks");
            LabelConfig config = LabelConfig.parse(xml);
            Order order = order(config);
            List<Object> results = new ArrayList<>();
            for (Object task : tasks) {
                byte[] bytes = pictures.read(place(task, config));
                results.add(place.work(() -> prediction(config, order, engine.decode("the task's picture", bytes))));
            }
            return Reply.json(Reply.OK, Map.of("results", results, "model_version", modelVersion));
        }
    }

    /** Where a task says that its picture is. */
    private static String place(Object task, LabelConfig config) {
        if (task instanceof Map<?, ?> map && map.get("data") instanceof Map<?, ?> data && data.get(config.data()) instanceof String place) return place;
        throw new Refusal(Refusal.BAD_REQUEST, "a task has no picture under data." + config.data());
    }

    private Order order(LabelConfig config) {
        return reader.read(Map.of("classes", String.join("\n", config.labels())));
    }

    private Map<String, Object> prediction(LabelConfig config, Order order, Picture picture) {
        Segmentation result = engine.segment(picture, order);
        boolean firstLabelIsBackground = result.vocabulary().background() instanceof Background.First;
        List<String> names = firstLabelIsBackground ? config.labels().subList(1, config.labels().size()) : config.labels();
        double mean = IntStream.range(0, result.confidence().length).mapToDouble(i -> result.confidence()[i]).average().orElseThrow();
        List<Map<String, Object>> regions = config.polygons() ? polygons(result, names) : strokes(result, names);
        for (Map<String, Object> region : regions) {
            region.put("id", UUID.randomUUID().toString().substring(0, 8));
            region.put("from_name", config.from());
            region.put("to_name", config.to());
            region.put("original_width", picture.width());
            region.put("original_height", picture.height());
            region.put("image_rotation", 0);
        }
        return Map.of("result", regions, "score", mean, "model_version", modelVersion);
    }

    /** One region for each class that has pixels. */
    private static List<Map<String, Object>> strokes(Segmentation result, List<String> names) {
        int first = result.vocabulary().hasBackground() ? 1 : 0;
        double[] confidence = result.meanConfidence();
        List<Map<String, Object>> regions = new ArrayList<>();
        for (int label = first; label < confidence.length; label++) {
            if (Double.isNaN(confidence[label])) continue;                              // a class without pixels
            byte[] rle = BrushRle.encode(result.labels().labels(), label);
            int[] numbers = IntStream.range(0, rle.length).map(i -> Byte.toUnsignedInt(rle[i])).toArray();
            regions.add(region("brushlabels", names.get(label - first), confidence[label], "format", "rle", "rle", numbers));
        }
        return regions;
    }

    /** One region for each connected part of a class: the shapes of LabelMe, whose points are here percentages of the picture's sides. */
    private static List<Map<String, Object>> polygons(Segmentation result, List<String> names) {
        ByteArrayOutputStream labelMe = new ByteArrayOutputStream();
        int first = result.vocabulary().hasBackground() ? 1 : 0, height = result.labels().height(), width = result.labels().width();
        double[] confidence = result.meanConfidence();
        List<Map<String, Object>> regions = new ArrayList<>();
        try {
            ExportFormats.of("labelme").alone(new ExportPicture("task", "task", result, OUTLINES)).values().iterator().next().writeTo(labelMe);
            for (Object shape : (List<?>) JSON.std.mapFrom(labelMe.toByteArray()).get("shapes")) {
                Map<?, ?> polygon = (Map<?, ?>) shape;
                int number = result.vocabulary().classes().indexOf(polygon.get("label"));
                List<List<Double>> points = ((List<?>) polygon.get("points")).stream().map(point -> (List<?>) point)
                    .map(xy -> List.of(percent(xy.get(0), width), percent(xy.get(1), height))).toList();
                regions.add(region("polygonlabels", names.get(number), confidence[first + number], "points", points, "closed", true));
            }
        } catch (IOException e) {
            throw new UncheckedIOException("memory takes every byte, and what was written can be read", e);
        }
        return regions;
    }

    private static double percent(Object pixels, int side) {
        return 100 * ((Number) pixels).doubleValue() / side;
    }

    /** @param value names and values in turn */
    private static Map<String, Object> region(String type, String label, double score, Object... value) {
        Map<String, Object> values = new LinkedHashMap<>();
        for (int i = 0; i < value.length; i += 2) values.put((String) value[i], value[i + 1]);
        values.put(type, List.of(label));
        Map<String, Object> region = new LinkedHashMap<>();
        region.put("type", type);
        region.put("value", values);
        region.put("score", score);
        return region;
    }

    private static Map<String, Object> object(Call call) throws IOException {
        byte[] body = call.body();
        try {
            return JSON.std.mapFrom(body);
        } catch (IOException | ClassCastException e) {
            throw new Refusal(Refusal.BAD_REQUEST, "the request is no JSON object");
        }
    }
}
