package dev.freecp.parity;

import dev.freecp.clip.Cleaning;
import dev.freecp.clip.PositionRule;
import dev.freecp.clip.PositionTable;
import dev.freecp.clip.Tokenizer;
import dev.freecp.error.InputException;
import dev.freecp.evaluate.ConfusionMatrix;
import dev.freecp.image.Picture;
import dev.freecp.image.Resize;
import dev.freecp.image.Size;
import dev.freecp.image.Windows;
import dev.freecp.ops.Box;
import dev.freecp.ops.Boxes;
import dev.freecp.ops.LabelRule;
import dev.freecp.parity.Check.Mode;
import dev.freecp.purify.PurifySettings;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/** {@code units/}: stages by themselves. What each file holds is found out from its names, so there may be more or fewer cases of other sizes. */
final class UnitsParity {

    private static final Pattern POSITION = Pattern.compile("native(\\d+)\\.(\\d+)x(\\d+)\\.(plain|antialias)");
    private static final Pattern POST = Pattern.compile("(post\\d+_bkgprompts(\\d+)_with([01])_ignore([01]))\\.in");

    private final GoldenFolder folder;
    private final MapStages stages;

    UnitsParity(GoldenFolder folder, MapStages stages) {
        this.folder = folder;
        this.stages = stages;
    }

    /**
     * Compares one unit.
     *
     * @throws InputException if its files are broken
     */
    void check(String unit, Checks checks) {
        switch (unit) {
            case "boxes" -> boxes(unit, checks);
            case "refine" -> refine(unit, checks);
            case "soft_iou" -> softIou(unit, checks);
            case "components" -> components(unit, checks);
            case "resize" -> resize(unit, checks);
            case "pos_embed" -> position(unit, checks);
            case "keep_ratio" -> keepRatio(unit, checks);
            case "windows" -> windows(unit, checks);
            case "slide_post" -> slidePost(unit, checks);
            case "metric" -> metric(unit, checks);
            case "tokens" -> tokens(unit, checks);
            default -> checks.skip(Stage.READABLE, unit, Mode.ISOLATED, "not compared: this program knows no such unit");
        }
    }

    private GoldenTensors tensors(String name) {
        return GoldenTensors.open(folder.file("units", name + ".safetensors"));
    }

    private GoldenJson json(String name) {
        return GoldenJson.read(folder.file("units", name + ".json"));
    }

    private void boxes(String unit, Checks checks) {
        GoldenJson json = json(unit);
        try (GoldenTensors maps = tensors(unit)) {
            for (String name : json.keys()) {
                int[] size = maps.shape(name, 2);
                List<Box> boxes = stages.boxes(maps.floats(name), size[0], size[1]).getFirst();
                checks.equal(Stage.BOXES, name, Mode.ISOLATED, Decisions.boxes(json.get(name).get("boxes")), boxes);
                int area = 0;
                for (boolean inside : Boxes.mask(boxes, size[0], size[1])) if (inside) area++;
                checks.equal(Stage.BOXES, name + ".count", Mode.ISOLATED, List.of(json.get(name).get("count").integer()), List.of(boxes.size()));
                checks.equal(Stage.BOXES, name + ".mask_area", Mode.ISOLATED, List.of(json.get(name).get("mask_area").integer()), List.of(area));
            }
        }
    }

    private void refine(String unit, Checks checks) {
        try (GoldenTensors tensors = tensors(unit)) {
            for (String name : tensors.names()) {
                if (!name.endsWith(".cam")) continue;
                String prefix = name.substring(0, name.length() - "cam".length());
                int[] size = tensors.shape(name, 3);
                int classes = tensors.shape(prefix + "refined_raw", 2)[0];
                Frame frame = new Frame(size[0], size[0] - classes, size[1], size[2], PurifySettings.released(0, 1));
                GoldenWindow window = new GoldenWindow(tensors.under(prefix), null, frame);
                float[] attention = tensors.floats(prefix + "attn"), softmax = tensors.floats(prefix + "softmax");
                float[] affinity = stages.affinity(attention, tensors.shape(prefix + "attn", 3)[0]);
                new MapsParity(stages, window, checks.window(prefix, null), logarithm(softmax, frame), affinity).check();
            }
        }
    }

    /** Logits (n, Q) whose softmax is p (Q, n). */
    private static float[] logarithm(float[] softmax, Frame frame) {
        float[] logits = new float[softmax.length];
        for (int i = 0; i < logits.length; i++) logits[i] = (float) Math.log(softmax[i % frame.queries() * frame.cells() + i / frame.queries()]);
        return logits;
    }

    private void softIou(String unit, Checks checks) {
        try (GoldenTensors tensors = tensors(unit)) {
            for (String name : tensors.names()) {
                if (!name.startsWith("maps")) continue;
                int[] size = tensors.shape(name, 3);
                String result = name.replace("maps", "iou");
                float[] ours = stages.softIou(tensors.floats(name), size[1] * size[2], IntStream.range(0, size[0]).toArray());
                checks.near(Stage.AP_IOU, result, Mode.ISOLATED, tensors.floats(result), ours);
            }
        }
    }

    private void components(String unit, Checks checks) {
        GoldenJson json = json(unit);
        try (GoldenTensors tensors = tensors("soft_iou")) {
            for (String name : json.keys()) {
                float[] iou = tensors.floats(name.replace("maps", "iou"));
                for (String threshold : json.get(name).keys()) {
                    List<List<Integer>> gold = Decisions.lists(json.get(name).get(threshold));
                    checks.equal(Stage.GROUPS, name + " at " + threshold, Mode.ISOLATED, gold, Decisions.groups(iou, Float.parseFloat(threshold)));
                }
            }
        }
    }

    /**
     * Float maps are resized by the assembly of one window. It takes maps of at least 0, so they are lifted by their minimum, which a resize passes
     * on.
     */
    private void resize(String unit, Checks checks) {
        try (GoldenTensors tensors = tensors(unit)) {
            for (String name : tensors.names()) {
                if (!name.endsWith(".in")) continue;
                String result = name.replace(".in", ".out");
                int[] from = tensors.shape(name, 3), to = tensors.shape(result, 3);
                if (name.startsWith("u8")) {
                    Picture resized = Resize.resize(Picture.of(name, from[0], from[1], tensors.bytes(name)), to[0], to[1]);
                    checks.equal(Stage.RESIZED, result, Mode.ISOLATED, tensors.ints(result), Decisions.bytes(resized));
                    continue;
                }
                float[] maps = tensors.floats(name);
                float lift = Math.min(0, (float) IntStream.range(0, maps.length).mapToDouble(i -> maps[i]).min().orElse(0));
                for (int i = 0; i < maps.length; i++) maps[i] -= lift;
                float[] ours = stages.assembleAll(maps, MapStages.oneWindow(from[1], from[2], to[1], to[2]), LabelRule.Background.NONE).scores();
                for (int i = 0; i < ours.length; i++) ours[i] += lift;
                checks.near(Stage.BILINEAR, result, Mode.ISOLATED, tensors.floats(result), ours);
            }
        }
    }

    private void position(String unit, Checks checks) {
        try (GoldenTensors tensors = tensors(unit)) {
            for (String name : tensors.names()) {
                Matcher at = POSITION.matcher(name);
                if (!at.matches()) continue;
                String table = "native" + at.group(1) + ".table";
                PositionRule rule = at.group(4).equals("plain") ? PositionRule.OFFSET_CUBIC : PositionRule.ANTIALIAS_CUBIC;
                PositionTable positions = new PositionTable(tensors.floats(table), Integer.parseInt(at.group(1)), tensors.shape(table, 2)[1]);
                float[] ours = positions.at(Integer.parseInt(at.group(2)), Integer.parseInt(at.group(3)), rule);
                checks.near(Stage.POSITION, name, Mode.ISOLATED, tensors.floats(name), ours);
            }
        }
    }

    private void keepRatio(String unit, Checks checks) {
        for (GoldenJson item : json(unit).list()) {
            int height = item.get("height").integer(), width = item.get("width").integer();
            Size size = Decisions.resizeRule(item.get("scale")).target(height, width, 1);
            checks.equal(Stage.KEEP_RATIO, new Size(height, width) + " to " + item.get("scale").integers(), Mode.ISOLATED,
                List.of(item.get("new_height").integer(), item.get("new_width").integer()), List.of(size.height(), size.width()));
        }
    }

    private void windows(String unit, Checks checks) {
        for (GoldenJson item : json(unit).list()) {
            int height = item.get("height").integer(), width = item.get("width").integer(), crop = item.get("crop").integer(), stride = item.get("stride").integer();
            List<List<Integer>> ours = Windows.of(height, width, crop, stride, 1).stream().map(r -> List.of(r.y0(), r.x0(), r.y1(), r.x1())).toList();
            checks.equal(Stage.WINDOWS, "%d x %d, crop %d, stride %d".formatted(height, width, crop, stride), Mode.ISOLATED,
                Decisions.lists(item.get("windows_y1x1y2x2")), ours);
        }
    }

    private void slidePost(String unit, Checks checks) {
        SlideSizes sizes = SlideSizes.read(folder.readme());
        try (GoldenTensors tensors = tensors(unit)) {
            for (String name : tensors.names()) {
                Matcher post = POST.matcher(name);
                if (post.matches()) {
                    int[] size = tensors.shape(name, 3);
                    float[] all = tensors.floats(name), maps = Arrays.copyOfRange(all, Integer.parseInt(post.group(2)) * size[1] * size[2], all.length);
                    boolean background = post.group(3).equals("1") && post.group(4).equals("0");
                    int[] ours = stages.assembleAll(maps, MapStages.oneWindow(size[1], size[2], size[1], size[2]), Decisions.background(background)).labels();
                    checks.equal(Stage.POST, post.group(1) + ".label", Mode.ISOLATED, tensors.ints(post.group(1) + ".label"), ours);
                } else if (name.matches("slide\\d+\\.out")) {
                    slide(name.substring(0, name.length() - ".out".length()), sizes, tensors, checks);
                }
            }
        }
    }

    private void slide(String name, SlideSizes sizes, GoldenTensors tensors, Checks checks) {
        List<String> windows = tensors.names().stream().filter(window -> window.startsWith(name + ".window")).toList();
        int[] grid = tensors.shape(windows.getFirst(), 3), out = tensors.shape(name + ".out", 3);
        float[] maps = new float[windows.size() * grid[0] * grid[1] * grid[2]];
        for (int i = 0; i < windows.size(); i++) System.arraycopy(tensors.floats(windows.get(i)), 0, maps, i * maps.length / windows.size(), maps.length / windows.size());
        float[] ours = stages.assembleAll(maps, sizes.mosaic(name, windows.size(), grid[1], grid[2], out[1], out[2]), LabelRule.Background.NONE).scores();
        checks.near(Stage.SLIDE, name + ".out", Mode.ISOLATED, tensors.floats(name + ".out"), ours);
    }

    private void metric(String unit, Checks checks) {
        GoldenJson json = json(unit);
        try (GoldenTensors tensors = tensors(unit)) {
            for (String name : json.keys()) {
                GoldenJson gold = json.get(name);
                ConfusionMatrix matrix = new ConfusionMatrix(gold.get("classes").integer());
                for (int i = 0; tensors.has(name + ".pred" + i, name + ".label" + i); i++) matrix.add(tensors.ints(name + ".pred" + i), tensors.ints(name + ".label" + i));
                percent(checks, name + ".aAcc", gold.get("aAcc").number(), matrix.pixelAccuracy());
                percent(checks, name + ".mIoU", gold.get("mIoU").number(), matrix.meanIou());
                percent(checks, name + ".mAcc", gold.get("mAcc").number(), matrix.meanAccuracy());
                float[] iou = gold.get("iou").floats();
                for (int c = 0; c < iou.length; c++) percent(checks, name + ".iou" + c, iou[c], matrix.iou(c));
            }
        }
    }

    /** A class that occurs nowhere has no score on either side. */
    private static void percent(Checks checks, String name, double gold, double ours) {
        if (Double.isNaN(gold)) checks.equal(Stage.METRIC, name, Mode.ISOLATED, List.of(Double.NaN), List.of(ours));
        else checks.near(Stage.METRIC, name, Mode.ISOLATED, new float[] {(float) gold}, new float[] {(float) ours});
    }

    /** The file does not say whose tokenizer it means; where models differ it is the one that gives most of the ids. */
    private void tokens(String unit, Checks checks) {
        List<GoldenJson> items = json(unit).list();
        List<List<List<Integer>>> best = null;
        int most = -1;
        for (String model : folder.modelNames()) {
            List<List<List<Integer>>> ours = new ArrayList<>();
            int right = 0;
            Tokenizer whole = folder.model(model).clip().tokenizer(Cleaning.FTFY), plain = folder.model(model).clip().tokenizer(Cleaning.PLAIN);
            for (GoldenJson item : items) {
                String text = item.get("text").text();
                ours.add(List.of(Decisions.list(whole.encode(text)), Decisions.list(plain.encode(text))));
                if (ours.getLast().getFirst().equals(item.get("ids").integers())) right++;
            }
            if (right <= most) continue;
            most = right;
            best = ours;
        }
        if (best == null) throw new InputException("tokens.json: no folder under models has a tokenizer to compare with");
        for (int i = 0; i < items.size(); i++) {
            GoldenJson item = items.get(i);
            checks.equal(Stage.TOKEN_IDS, "text " + i, Mode.ISOLATED, item.get("ids").integers(), best.get(i).getFirst());
            List<Integer> plain = item.get(item.has("ids_transformers") ? "ids_transformers" : "ids").integers();
            checks.equal(Stage.TOKEN_IDS, "text " + i + " without ftfy", Mode.ISOLATED, plain, best.get(i).getLast());
        }
    }
}
