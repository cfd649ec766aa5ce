package dev.freecp.bench.study;

import dev.freecp.image.Picture;
import dev.freecp.ops.Box;
import dev.freecp.ops.BoxRule;
import dev.freecp.ops.ScalarOps;
import dev.freecp.tensor.Shape;
import dev.freecp.tensor.Tensor;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;

/** What refinement makes of class maps, step by step: of the word that comes through best, of the last one kept, and of the first one removed. */
final class RefinementSteps implements Study {

    private static final int SIDE = 10;

    @Override
    public String name() {
        return "refinement";
    }

    @Override
    public Picture draw(Subject subject) {
        float[] scores = subject.result().reports().get(subject.window()).scores();
        List<Integer> best = IntStream.range(0, scores.length).boxed().sorted(Comparator.comparingDouble(word -> -scores[word])).toList();
        int kept = (int) IntStream.range(0, scores.length).filter(word -> scores[word] > subject.settings().purify().redundancyThreshold()).count();
        Sheet sheet = new Sheet(6);
        IntStream.of(0, kept - 1, kept).filter(i -> i >= 0 && i < best.size()).distinct().map(best::get)
            .forEach(word -> add(sheet, subject, word, scores[word]));
        return sheet.draw(name());
    }

    private static void add(Sheet sheet, Subject subject, int word, float score) {
        int background = subject.words().vocabulary().backgroundWords(), width = subject.gridWidth(), height = subject.gridHeight();
        float[] p = subject.ofWindow("softmax").row(background + word), stretched = subject.ofWindow("cam").row(background + word);
        float[] boxed = boxed(stretched, height, width), once = TokenAffinity.apply(subject.ofWindow("trans"), boxed);
        sheet.add("p: " + subject.word(background + word), Panels.heat(p, width, 1, SIDE))
            .add("stretched", Panels.heat(stretched, width, 1, SIDE))
            .add("in boxes", Panels.heat(boxed, width, 1, SIDE))
            .add("T x", Panels.heat(once, width, SIDE))
            .add("T T x", Panels.heat(subject.ofWindow("refined_raw").row(word), width, SIDE))
            .add(String.format(Locale.ROOT, "R, score %.2f", score), Panels.heat(subject.ofWindow("refined").row(word), width, 1, SIDE));
    }

    /** The map inside its boxes, 0 outside. */
    static float[] boxed(float[] map, int height, int width) {
        Tensor tensor = Tensor.of("map", Shape.of("map cell", 1, map.length), map);
        List<Box> boxes;
        try (ScalarOps ops = new ScalarOps()) {
            boxes = ops.boxes(tensor, height, width, BoxRule.CONTOURS).getFirst();
        }
        float[] boxed = new float[map.length];
        for (Box box : boxes)
            for (int y = box.y0(); y < box.y1(); y++) for (int x = box.x0(); x < box.x1(); x++) boxed[y * width + x] = map[y * width + x];
        return boxed;
    }
}
