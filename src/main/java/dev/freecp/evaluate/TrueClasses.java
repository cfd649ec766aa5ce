package dev.freecp.evaluate;

import dev.freecp.image.LabelMap;
import dev.freecp.segment.WordFeatures;
import java.util.Arrays;
import java.util.function.Function;
import java.util.stream.IntStream;

/** Offers only the words of the classes that a picture's truth has, and the background if there is one. */
final class TrueClasses {

    private final WordFeatures words;
    private final LabelMap truth;
    private final int[] labels;     // of the words that are offered

    /** @param classes K; words behind them are none of the data set's */
    TrueClasses(WordFeatures words, LabelMap truth, int classes) {
        this.words = words;
        this.truth = truth;
        boolean[] there = new boolean[classes];
        there[0] = words.vocabulary().hasBackground();
        for (int label : truth.labels()) if (label >= 0 && label < classes) there[label] = true;
        this.labels = IntStream.range(0, classes).filter(label -> there[label]).toArray();
    }

    /** Labels of the whole list, though only these words were asked for; where there is at most the background to choose, nothing is asked. */
    LabelMap labels(Function<WordFeatures, LabelMap> segment) {
        int background = words.vocabulary().hasBackground() ? 1 : 0;
        int[] chosen = Arrays.stream(labels).filter(label -> label >= background).map(label -> label - background).toArray();
        if (chosen.length == 0) return new LabelMap(truth.height(), truth.width(), new int[truth.labels().length]);
        LabelMap found = segment.apply(words.only(chosen));
        return new LabelMap(found.height(), found.width(), Arrays.stream(found.labels()).map(label -> labels[label]).toArray());
    }
}
