package dev.freecp.bench.study;

import dev.freecp.image.Picture;
import dev.freecp.report.Canvas;
import dev.freecp.report.PixelFont;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;

/** How far each word's map agrees with itself before and after refinement, and where the threshold cuts. */
final class RedundancyScores implements Study {

    private static final int LEFT = 130, WIDTH = 480, TOP = 36, ROW = 20, INK = 0x24292f, KEPT = 0x1a7f37, REMOVED = 0x8c959f, LIMIT = 0xcf222e;

    @Override
    public String name() {
        return "redundancy";
    }

    @Override
    public Picture draw(Subject subject) {
        float[] scores = subject.result().reports().get(subject.window()).scores();
        float threshold = subject.settings().purify().redundancyThreshold();
        List<Integer> order = IntStream.range(0, scores.length).boxed().sorted(Comparator.comparingDouble(word -> -scores[word])).toList();
        double most = Math.max(threshold, scores[order.getFirst()]);
        Canvas canvas = new Canvas(TOP + ROW * order.size() + 12, LEFT + WIDTH + 70, 0xffffff);
        PixelFont.draw(canvas, 10, LEFT, "agreement of maps before and after refinement", 1, INK);
        for (int i = 0; i < order.size(); i++) {
            int word = order.get(i), y = TOP + ROW * i, length = (int) Math.round(WIDTH * scores[word] / most);
            canvas.fill(y + 2, LEFT, ROW - 6, length, scores[word] > threshold ? KEPT : REMOVED);
            PixelFont.draw(canvas, y + 1, 8, PixelFont.fit(subject.word(subject.words().vocabulary().backgroundWords() + word), LEFT - 16), 1, INK);
            PixelFont.draw(canvas, y + 1, LEFT + length + 8, String.format(Locale.ROOT, "%.2f", scores[word]), 1, INK);
        }
        canvas.fill(TOP - 4, LEFT + (int) Math.round(WIDTH * threshold / most), ROW * order.size() + 6, 2, LIMIT);
        return canvas.toPicture(name());
    }
}
