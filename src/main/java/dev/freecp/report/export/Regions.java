package dev.freecp.report.export;

import dev.freecp.image.LabelMap;
import java.util.ArrayList;
import java.util.List;

/**
 * A label map cut into regions: pixels of equal labels that hang together by their sides. (By corners would not do: a region that holds together
 * at a corner only has no outline that is a simple line.)
 */
final class Regions {

    /** Sums over the pixels of a region. */
    private static final class Sums {

        private final int label;
        private int pixels, x0 = Integer.MAX_VALUE, y0 = Integer.MAX_VALUE, x1, y1;
        private double confidence;

        private Sums(int label) {
            this.label = label;
        }

        private void add(int y, int x, float score) {
            pixels++;
            confidence += score;
            x0 = Math.min(x0, x);
            y0 = Math.min(y0, y);
            x1 = Math.max(x1, x + 1);
            y1 = Math.max(y1, y + 1);
        }
    }

    private final LabelMap map;
    private final int[] numbers;
    private final List<Sums> sums = new ArrayList<>();

    /** @param confidence one number a pixel */
    Regions(LabelMap map, float[] confidence) {
        this.map = map;
        this.numbers = new int[map.labels().length];
        int[] queue = new int[numbers.length];
        for (int seed = 0; seed < numbers.length; seed++) {
            if (numbers[seed] != 0) continue;
            Sums region = new Sums(map.labels()[seed]);
            sums.add(region);
            int count = 1;
            queue[0] = seed;
            numbers[seed] = sums.size();
            for (int next = 0; next < count; next++) {
                int y = queue[next] / map.width(), x = queue[next] % map.width();
                region.add(y, x, confidence[queue[next]]);
                if (y > 0) count = reach(queue[next], queue[next] - map.width(), queue, count);
                if (x > 0) count = reach(queue[next], queue[next] - 1, queue, count);
                if (x + 1 < map.width()) count = reach(queue[next], queue[next] + 1, queue, count);
                if (y + 1 < map.height()) count = reach(queue[next], queue[next] + map.width(), queue, count);
            }
        }
    }

    private int reach(int from, int to, int[] queue, int count) {
        if (numbers[to] != 0 || map.labels()[to] != map.labels()[from]) return count;
        numbers[to] = numbers[from];
        queue[count] = to;
        return count + 1;
    }

    /** The number of the region of each pixel, from 1, in the order of their first pixels. */
    int[] numbers() {
        return numbers;
    }

    /** All regions with their exact outlines, in the order of their numbers. */
    List<Outline> outlines() {
        List<List<Ring>> rings = new Tracer(numbers, map.height(), map.width()).rings(sums.size());
        List<Outline> outlines = new ArrayList<>();
        for (int i = 0; i < sums.size(); i++) {
            Sums s = sums.get(i);
            List<Ring> own = rings.get(i);
            outlines.add(new Outline(s.label, i + 1, s.pixels, s.confidence / s.pixels, s.x0, s.y0, s.x1, s.y1,
                own.getFirst(), List.copyOf(own.subList(1, own.size()))));
        }
        return outlines;
    }
}
