package dev.freecp.serve;

import dev.freecp.clip.ReadOut;
import dev.freecp.image.Picture;
import dev.freecp.purify.Step;
import dev.freecp.segment.Preset;
import dev.freecp.segment.SegmentSettings;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;

/** The calls for programs, and for the page, which is one. */
final class Api {

    private final Engine engine;
    private final WorkQueue queue;
    private final Metrics metrics;
    private final Order.Reader reader;
    private final Answers answers;

    Api(Engine engine, WorkQueue queue, Metrics metrics, Order.Reader reader, Answers answers) {
        this.engine = engine;
        this.queue = queue;
        this.metrics = metrics;
        this.reader = reader;
        this.answers = answers;
    }

    List<Route> routes() {
        return List.of(
            new Route("GET", "/v1/health", true, (_, _) -> Reply.json(Reply.OK, Map.of("status", "up"))),
            new Route("GET", "/v1/metrics", false, (_, _) -> Reply.text("text/plain; version=0.0.4; charset=utf-8", metrics.text())),
            new Route("GET", "/v1/models", false, (_, _) -> Reply.json(Reply.OK, models())),
            new Route("POST", "/v1/segment", false, (call, _) -> segment(call)),
            new Route("POST", "/v1/pictures", false, (call, _) -> keep(call)),
            new Route("POST", "/v1/pictures/{id}/labels", false, (call, parts) -> labels(call, parts.getFirst())),
            new Route("DELETE", "/v1/pictures/{id}", false, (_, parts) -> {
                engine.pictures().remove(parts.getFirst());
                return Reply.empty();
            }));
    }

    private Reply segment(Call call) throws Exception {
        call.requireSmall();
        try (WorkQueue.Place place = queue.enter()) {
            Upload upload = Upload.read(call);
            Form form = Form.take(upload.parameters());
            Order order = reader.read(upload.parameters().rest());
            return place.work(() -> {
                Picture picture = engine.decode(upload.name(), upload.bytes());
                return form.explains() ? explain(picture, order) : answers.of(form, picture, order, engine.segment(picture, order));
            });
        }
    }

    private Reply keep(Call call) throws Exception {
        call.requireSmall();
        try (WorkQueue.Place place = queue.enter()) {
            Upload upload = Upload.read(call);
            SegmentSettings settings = reader.settings(upload.parameters().rest());
            return place.work(() -> {
                KeptPicture kept = engine.keep(engine.decode(upload.name(), upload.bytes()), settings);
                Map<String, Object> json = new LinkedHashMap<>();
                json.put("id", kept.id());
                json.put("height", kept.picture().height());
                json.put("width", kept.picture().width());
                return Reply.json(Reply.CREATED, json).with(Map.of("Location", "/v1/pictures/" + kept.id()));
            });
        }
    }

    private Reply labels(Call call, String id) throws Exception {
        try (WorkQueue.Place place = queue.enter()) {
            Parameters parameters = call.parameters();
            Form form = Form.take(parameters);
            Order order = reader.read(parameters.rest());
            KeptPicture kept = engine.pictures().get(id);
            return place.work(() -> form.explains() ? explain(kept.picture(), order) : answers.of(form, kept.picture(), order, engine.segment(kept, order)));
        }
    }

    private Reply explain(Picture picture, Order order) {
        return answers.explanation(picture, order, engine.prepare(picture, order));
    }

    /** What there is to choose from, and what is chosen if a request says nothing. */
    private Map<String, Object> models() {
        Map<String, Object> model = new LinkedHashMap<>();
        model.put("name", engine.segmenter().clip().folder().toAbsolutePath().normalize().getFileName().toString());
        model.put("sha256", engine.segmenter().clip().sha256());
        model.put("description", engine.segmenter().clip().config().describe());
        model.put("device", engine.segmenter().device());
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("models", List.of(model));
        json.put("methods", Stream.of(ReadOut.values()).map(method -> method.name().toLowerCase(Locale.ROOT)).toList());
        json.put("steps", List.of("none", "refine", "refine,rp", "refine,ap", "refine,rp,ap", "refine,ap,rp"));
        json.put("presets", Preset.all().stream().map(Preset::key).toList());
        json.put("formats", Form.NAMES);
        json.put("defaults", reader.defaults());
        return json;
    }
}
