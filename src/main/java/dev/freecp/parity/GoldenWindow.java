package dev.freecp.parity;

import dev.freecp.error.InputException;
import dev.freecp.ops.Box;
import dev.freecp.ops.BoxRule;
import dev.freecp.ops.Boxes;
import dev.freecp.parity.Check.Mode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/**
 * One window of a golden.
 *
 * @param tensors its tensors, by the names behind the window's prefix; perhaps none
 * @param json    its decisions; null where there are only tensors
 * @param frame   what its maps are about
 */
record GoldenWindow(GoldenTensors tensors, GoldenJson json, Frame frame) {

    /**
     * A closer look at a box that is not empty.
     *
     * @param number  from 0, in the golden's order
     * @param tie     number of its group among those of two or more
     * @param words   the group's classes
     * @param box     on the token grid
     * @param scores  one for each of {@code words}; null where the golden only has the winner
     * @param winner  index of the largest score
     */
    record Crop(int number, int tie, List<Integer> words, Box box, float[] scores, int winner) {

        /** {@code crop03}. */
        String name() {
            return "crop%02d".formatted(number);
        }
    }

    /** Classes kept by redundancy purification. */
    List<Integer> redundancyKept() {
        return json.get("rp_kept").integers();
    }

    /** Groups as indices into {@link #redundancyKept}; none where ambiguity purification had nothing to do. */
    List<List<Integer>> groups() {
        return json.has("groups") ? Decisions.lists(json.get("groups")) : List.of();
    }

    /** Classes of each group of two or more. */
    List<List<Integer>> ties() {
        List<Integer> kept = redundancyKept();
        return groups().stream().filter(group -> group.size() > 1).map(group -> group.stream().map(kept::get).toList()).toList();
    }

    /** Boxes of each of {@link #ties}, in the golden's order. */
    List<List<Box>> ambiguousBoxes() {
        if (!json.has("ap_boxes")) return List.of();
        return json.get("ap_boxes").list().stream().map(boxes -> boxes.list().stream().map(Decisions::box).toList()).toList();
    }

    /** All closer looks, in the golden's order. */
    List<Crop> crops() {
        List<List<Integer>> ties = ties();
        List<List<Box>> boxes = ambiguousBoxes();
        List<GoldenJson> looks = json.has("crops") ? json.get("crops").list() : List.of();
        List<Crop> crops = new ArrayList<>();
        for (int tie = 0; tie < boxes.size(); tie++) {
            if (tie >= ties.size()) throw new InputException("ap_boxes has " + boxes.size() + " lists for " + ties.size() + " groups of two or more");
            for (Box box : boxes.get(tie)) {
                if (box.isEmpty()) continue;
                if (crops.size() == looks.size()) throw new InputException("crops has " + looks.size() + " entries, fewer than there are boxes that are not empty");
                GoldenJson look = looks.get(crops.size());
                crops.add(new Crop(crops.size(), tie, ties.get(tie), box, look.has("scores") ? look.get("scores").floats() : null, look.get("winner").integer()));
            }
        }
        return crops;
    }

    /** {@link #crops} in the engine's order: by group, then by box. */
    List<Crop> sortedCrops() {
        return crops().stream().sorted(Comparator.comparingInt(Crop::tie).thenComparing(Crop::box)).toList();
    }

    /** R (C, n) as an input of what follows. */
    float[] refinedInput(Checks checks) {
        return frame.classesOf(checks.input(Stage.REFINED, tensors.floats("refined")));
    }

    /** Compares the boxes of Y (C, n) of the classes, and the masks that they make. */
    void checkBoxes(MapStages stages, Checks checks, Mode mode, float[] cam) {
        List<List<Box>> ours = stages.boxes(cam, frame.height(), frame.width());
        if (json != null && json.has("mask_boxes")) {
            List<List<Box>> gold = json.get("mask_boxes").list().stream().map(Decisions::boxes).toList();
            checks.equal(Stage.MASK_BOXES, "mask_boxes", mode, gold, ours, slack -> gold.size() == ours.size() && IntStream.range(0, ours.size()).allMatch(c ->
                gold.get(c).equals(ours.get(c)) || explains(gold.get(c), Arrays.copyOfRange(cam, c * frame.cells(), (c + 1) * frame.cells()), slack)));
        }
        if (!tensors.has("masks")) return;
        int[] masks = ours.stream().flatMapToInt(boxes -> {
            boolean[] mask = Boxes.mask(boxes, frame.height(), frame.width());
            return IntStream.range(0, mask.length).map(i -> mask[i] ? 1 : 0);
        }).toArray();
        checks.equal(Stage.MASKS, "masks", mode, tensors.ints("masks"), masks);
    }

    /** True if the golden's boxes are those of our map with one cell off by {@code slack}. */
    boolean explains(List<Box> gold, float[] map, double slack) {
        for (int cell = 0; cell < map.length; cell++) {
            for (double sign : new double[] {-1, 1}) {
                float[] other = map.clone();
                other[cell] = (float) Math.clamp(map[cell] + sign * slack, 0, 1);
                if (Boxes.of(other, frame.height(), frame.width(), BoxRule.CONTOURS).equals(gold)) return true;
            }
        }
        return false;
    }
}
