package dev.freecp.report.export;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/**
 * A polygon with holes as one closed line, for formats that have no holes: from a corner it goes over to the nearest corner of a hole, around the
 * hole, and the same way back. As the way is gone in both directions it adds nothing to the area, whether a reader fills by parity or by winding.
 */
final class Keyhole {

    private Keyhole() {
    }

    static Ring join(Ring outer, List<Ring> holes) {
        Ring joined = outer;
        List<Ring> fromTheLeft = new ArrayList<>(holes);
        fromTheLeft.sort(Comparator.comparingInt(hole -> IntStream.range(0, hole.corners()).map(hole::x).min().orElseThrow()));
        for (Ring hole : fromTheLeft) joined = join(joined, hole);
        return joined;
    }

    private static Ring join(Ring line, Ring hole) {
        int from = 0, to = 0;
        long least = Long.MAX_VALUE;
        for (int i = 0; i < line.corners(); i++) {
            for (int j = 0; j < hole.corners(); j++) {
                long dx = line.x(i) - hole.x(j), dy = line.y(i) - hole.y(j), distance = dx * dx + dy * dy;
                if (distance >= least) continue;
                least = distance;
                from = i;
                to = j;
            }
        }
        boolean apart = least > 0;                                   // where they touch, the corner is there already
        IntStream.Builder xy = IntStream.builder();
        for (int i = 0; i <= from; i++) add(xy, line, i);
        for (int j = apart ? 0 : 1; j <= hole.corners(); j++) add(xy, hole, (to + j) % hole.corners());
        for (int i = apart ? from : from + 1; i < line.corners(); i++) add(xy, line, i);
        return new Ring(xy.build().toArray());
    }

    private static void add(IntStream.Builder xy, Ring ring, int corner) {
        xy.add(ring.x(corner)).add(ring.y(corner));
    }
}
