package dev.freecp.parity;

import dev.freecp.clip.ReadOut;
import dev.freecp.clip.ReadOutSettings;
import dev.freecp.image.Picture;
import dev.freecp.ops.Ops;
import dev.freecp.ops.Region;
import dev.freecp.ops.Workspace;
import dev.freecp.purify.ClassMaps;
import dev.freecp.purify.Purifier;
import dev.freecp.purify.PurifySettings;
import dev.freecp.purify.Refinement;
import dev.freecp.purify.WindowReport;
import dev.freecp.tensor.Shape;
import dev.freecp.tensor.Tensor;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** {@code purify/<case>}: sections 5 to 9 from given logits and attention; only the closer looks use a tower. */
final class PurifyParity {

    private final GoldenFolder folder;

    PurifyParity(GoldenFolder folder) {
        this.folder = folder;
    }

    void check(String name, Checks golden) {
        GoldenJson json = GoldenJson.read(folder.file("purify", name + ".json"));
        try (GoldenTensors tensors = GoldenTensors.open(folder.file("purify", name + ".safetensors"))) {
            List<Integer> grid = json.get("grid").integers();
            Frame frame = new Frame(json.get("num_queries").integer(), json.get("num_background_prompts").integer(), grid.getFirst(), grid.getLast(),
                PurifySettings.released((float) json.get("rp_thres").number(), (float) json.get("ap_thres").number()));
            GoldenWindow window = new GoldenWindow(tensors, json, frame);
            Checks checks = (frame.queries() == 1 ? golden.forSingleWord() : golden).window("", json.has("margins") ? json.get("margins") : null);

            Model model = folder.model(json.get("model").text());
            MapStages stages = new MapStages(model.ops());
            TowerStages tower = new TowerStages(model, ReadOutSettings.released(ReadOut.valueOf(json.get("method").text().toUpperCase(Locale.ROOT))));
            int[] size = tensors.shape("image", 3);
            Picture picture = Picture.of(name, size[0], size[1], tensors.bytes("image"));
            CropSource source = new CropSource(model, tower, picture, new Region(0, 0, size[0], size[1]), tensors.floats("query_features_llm"));

            float[] logits = tensors.floats("pixel_logits"), affinity = stages.affinity(tensors.floats("attn"), tensors.shape("attn", 3)[0]);
            new ChainParity(stages, window, run(model, frame, logits, affinity, source), checks).check(source);
            new MapsParity(stages, window, checks, logits, affinity).check();
            float[] softmax = tensors.has("softmax") ? tensors.floats("softmax") : stages.classMaps(frame, logits).getFirst();
            new DecisionParity(stages, window, checks).check(softmax, source);
        }
    }

    /** The engine's own way through all the steps. */
    private static WindowRun run(Model model, Frame frame, float[] logits, float[] affinity, CropSource source) {
        Ops ops = model.ops();
        Recorder recorder = new Recorder(ops, Set.of("softmax", "trans"));
        try (Workspace workspace = ops.workspace()) {
            MapStages stages = new MapStages(ops);
            ClassMaps maps = ClassMaps.take(workspace, frame.settings(), 1, frame.queries(), frame.background(), frame.height(), frame.width());
            maps.activate(ops, stages.upload(workspace, "pixel_logits", Shape.of("patch query", frame.cells(), frame.queries()), logits), model.clip().logitScale(),
                frame.settings().activation());
            recorder.stage("softmax", maps.softmax());
            recorder.stage("cam", maps.activation());
            Tensor a = stages.upload(workspace, "affinity", Shape.of("window cell cell", 1, frame.cells(), frame.cells()), affinity);
            Refinement.refine(ops, workspace, maps, a, frame.settings(), recorder);
            List<WindowReport> reports = Purifier.purify(ops, workspace, maps, frame.settings(), source.scorer(stages, workspace, frame.background()), recorder);
            return recorder.window(0, reports);
        }
    }
}
