package dev.freecp.parity;

import dev.freecp.clip.ReadOut;
import dev.freecp.clip.ReadOutSettings;
import dev.freecp.image.Picture;
import dev.freecp.image.ResizeRule;
import dev.freecp.ops.Mosaic;
import dev.freecp.ops.Region;
import dev.freecp.parity.Check.Mode;
import dev.freecp.purify.PurifySettings;
import dev.freecp.purify.WindowReport;
import dev.freecp.segment.SegmentSettings;
import dev.freecp.segment.Segmentation;
import dev.freecp.segment.Vocabulary;
import dev.freecp.segment.WordFeatures;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** {@code seg/<case>.<method>}: full runs, picture to labels, with the golden's text matrices. */
final class SegParity {

    private static final Pattern WINDOW = Pattern.compile("w\\d+\\.");
    /** Tensors that do not depend on how the last block is read, which goldens of one case share. */
    private static final Predicate<String> TOWER = Pattern.compile("w\\d+\\.(embed|block\\d+|last_ori|attn|affinity|cls_feature|trans|trans_sq)").asMatchPredicate();
    private static final Predicate<String> PICTURE = Set.of("image", "resized", "pixels")::contains;

    private final GoldenFolder folder;

    SegParity(GoldenFolder folder) {
        this.folder = folder;
    }

    void check(String name, Checks golden) {
        GoldenJson json = GoldenJson.read(folder.file("seg", name + ".json"));
        try (GoldenTensors tensors = GoldenTensors.open(folder.file("seg", name + ".safetensors"))) {
            String imageIn = json.get("image_in").text();
            if (!imageIn.equals(name)) tensors.borrow(folder.file("seg", imageIn + ".safetensors"), PICTURE);
            if (json.has("tower_tensors_in_vanilla_case") && json.get("tower_tensors_in_vanilla_case").flag())
                tensors.borrow(folder.file("seg", json.get("case").text() + ".vanilla.safetensors"), TOWER);
            String model = json.get("model").text();
            try (GoldenTensors text = GoldenTensors.open(folder.file("vocab", model + "." + json.get("vocab").text() + ".safetensors"))) {
                new Run(name, json, tensors, folder.model(model), text, golden).check();
            }
        }
    }

    /** One golden. */
    private static final class Run {
        private final GoldenJson json;
        private final GoldenTensors gold;
        private final Model model;
        private final Checks checks;
        private final WordFeatures words;
        private final SegmentSettings settings;
        private final boolean background;
        private final Picture image;
        private final Picture resized;
        private final MapStages stages;
        private final TowerStages tower;

        Run(String name, GoldenJson json, GoldenTensors gold, Model model, GoldenTensors text, Checks checks) {
            this.json = json;
            this.gold = gold;
            this.model = model;
            this.background = json.get("with_bkg").flag() && !json.get("ignore_bkg").flag();
            this.checks = json.get("num_queries").integer() == 1 ? checks.forSingleWord() : checks;
            int embedding = model.clip().config().vision().embedding();
            this.words = new WordFeatures(vocabulary(), embedding, text.floats("query_features"), text.floats("query_features_llm"));
            this.settings = settings();
            int[] size = gold.shape("image", 3);
            this.image = Picture.of(name, size[0], size[1], gold.bytes("image"));
            this.stages = new MapStages(model.ops());
            this.tower = new TowerStages(model, settings.readOut());
            this.resized = settings.resize().apply(image, tower.patch());
        }

        /** As many words as the golden has; which ones does not matter, since their features are given. */
        private Vocabulary vocabulary() {
            int prompts = json.get("num_background_prompts").integer(), queries = json.get("num_queries").integer();
            Stream<String> classes = IntStream.range(prompts, queries).mapToObj(i -> "word " + i);
            if (!background) return Vocabulary.dataset(classes.toList(), false);
            String first = IntStream.range(0, prompts).mapToObj(i -> "word " + i).collect(Collectors.joining(", "));
            return Vocabulary.dataset(Stream.concat(Stream.of(first), classes).toList(), true);
        }

        private SegmentSettings settings() {
            ReadOut method = ReadOut.valueOf(json.get("method").text().toUpperCase(Locale.ROOT));
            int gemBlocks = json.has("gem_depth") ? json.get("gem_depth").integer() - 1 : ReadOutSettings.released(method).gemBlocks();
            PurifySettings purify = PurifySettings.released((float) json.get("rp_thres").number(), (float) json.get("ap_thres").number());
            ResizeRule resize = json.has("scale") ? Decisions.resizeRule(json.get("scale")) : ResizeRule.NONE;
            return new SegmentSettings(new ReadOutSettings(method, ReadOutSettings.Form.RELEASED, gemBlocks), purify, resize, json.get("crop").integer(),
                json.get("stride").integer());
        }

        void check() {
            if (gold.has("resized")) checks.equal(Stage.RESIZED, "resized", Mode.CHAIN, gold.ints("resized"), Decisions.bytes(resized));
            if (gold.has("pixels")) {
                checks.near(Stage.PIXELS, "pixels", Mode.CHAIN, gold.floats("pixels"), pixels(resized));
                if (gold.has("resized")) checks.near(Stage.PIXELS, "pixels", Mode.ISOLATED, gold.floats("pixels"), pixels(goldenResized()));
            }
            Recorder recorder = new Recorder(model.ops(), stagesWanted());
            Segmentation result = model.segmenter().segment(image, words, settings, recorder);
            List<GoldenJson> windows = json.get("windows").list();
            if (windows.size() != result.windows().size()) {
                checks.fail(Stage.WINDOWS, "windows", Mode.CHAIN, "the golden has " + windows.size() + " windows, ours are " + result.windows().size());
                return;
            }
            for (int w = 0; w < windows.size(); w++) window(w, windows.get(w), result, recorder);
            output(result, recorder, windows);
        }

        private float[] pixels(Picture picture) {
            return tower.pixels(picture, new Region(0, 0, picture.height(), picture.width()), picture.height(), picture.width());
        }

        /** The golden's own resized picture, or its image where it was not resized. */
        private Picture goldenResized() {
            if (!gold.has("resized")) return image;
            int[] size = gold.shape("resized", 3);
            return Picture.of(image.name(), size[0], size[1], gold.bytes("resized"));
        }

        private Set<String> stagesWanted() {
            Set<String> names = new HashSet<>();
            for (String name : gold.names()) if (WINDOW.matcher(name).lookingAt()) names.add(name.substring(name.indexOf('.') + 1));
            if (names.contains("attn")) names.addAll(List.of("embed", TowerParity.block(tower.layers() - 3)));
            if (names.contains("last_ori")) names.add(TowerParity.block(tower.layers() - 2));
            if (names.contains("trans_sq")) names.add("trans");
            return names;
        }

        private void window(int number, GoldenJson decisions, Segmentation result, Recorder recorder) {
            String prefix = "w%02d.".formatted(number);
            Region region = result.windows().get(number);
            Frame frame = new Frame(words.vocabulary().words().size(), words.vocabulary().backgroundWords(), region.height() / tower.patch(),
                region.width() / tower.patch(), settings.purify());
            GoldenWindow window = new GoldenWindow(gold.under(prefix), decisions, frame);
            Checks checked = checks.window(prefix, decisions.has("margin") ? decisions.get("margin") : json.has("margins") ? json.get("margins") : null);
            TowerParity towerParity = new TowerParity(tower, stages, window, checked, words, model.clip().logitScale());

            CropSource source = new CropSource(model, tower, resized, region, words.details());
            WindowRun run = recorder.window(number, result.reports());
            towerParity.complete(run, resized, region);
            new ChainParity(stages, window, run, checked).check(source);
            checks.follow(checked);

            towerParity.check(goldenResized(), region);
            float[] logits = towerParity.logits();
            new MapsParity(stages, window, checked, logits, window.tensors().has("affinity") ? window.tensors().floats("affinity") : null).check();
            float[] softmax = logits == null ? null : stages.classMaps(frame, logits).getFirst();
            if (window.tensors().has("softmax")) softmax = window.tensors().floats("softmax");
            new DecisionParity(stages, window, checked).check(softmax, new CropSource(model, tower, goldenResized(), region, words.details()));
            if (!window.tensors().has("window_logits", "refined")) return;
            int[] kept = decisions.get("kept").integers().stream().mapToInt(Integer::intValue).toArray();
            checked.near(Stage.WINDOW_LOGITS, "window_logits", Mode.ISOLATED, window.tensors().floats("window_logits"),
                ChainParity.windowLogits(stages, frame, window.refinedInput(checked), kept, window.tensors().shape("window_logits", 3)));
        }

        private void output(Segmentation result, Recorder recorder, List<GoldenJson> windows) {
            Mosaic mosaic = mosaic(result.windows());
            OutputParity output = new OutputParity(stages, gold, checks, background, json.has("final_logits_step") ? json.get("final_logits_step").integer() : 1);
            int[][] kept = result.reports().stream().map(WindowReport::kept).toArray(int[][]::new);
            output.chain(stages.assemble(recorder.all("refined"), kept, mosaic, Decisions.background(background)).scores(), result.labels().labels());
            output.isolated(mosaic, words.vocabulary().backgroundWords(), windows.stream().map(window -> window.get("kept").integers()).toList());
        }

        private Mosaic mosaic(List<Region> windows) {
            int h = windows.getFirst().height() / tower.patch(), w = windows.getFirst().width() / tower.patch();
            if (settings.crop() == 0) return MapStages.oneWindow(h, w, image.height(), image.width());
            return new Mosaic(resized.height(), resized.width(), windows, h, w, image.height(), image.width());
        }
    }
}
