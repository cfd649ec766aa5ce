package dev.freecp.cuda;

import dev.freecp.ops.Bilinear;
import dev.freecp.ops.LabelRule;
import dev.freecp.ops.Mosaic;
import dev.freecp.ops.Region;
import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * What assemble_labels reads besides maps, as int32 in one upload.
 *
 * @param numbers       all parts, one after the other; the rest says how many bytes into them each begins
 * @param slots         how many classes are alive in any window; a class's place among them is its slot
 * @param windows       top and left of each window
 * @param classes       the slots' classes, increasing
 * @param starts        for each slot and window where its members begin, and at last where all end
 * @param members       rows of maps of a slot in a window, increasing
 * @param windowRows    taps of a window's rows on the grid
 * @param windowColumns and of its columns
 * @param rows          taps of output rows on the picture
 * @param columns       and of output columns
 */
record AssemblyTable(int[] numbers, int slots, long windows, long classes, long starts, long members,
                     long windowRows, long windowColumns, long rows, long columns) {

    /**
     * @param alive for each window the maps that are not zero everywhere
     * @param maps  of a window, alive or not
     */
    static AssemblyTable of(int[][] alive, int maps, Mosaic mosaic, LabelRule rule) {
        int[] classOfMap = rule.classOfMap();
        int[] classes = Arrays.stream(alive).flatMapToInt(Arrays::stream).map(map -> classOfMap[map]).distinct().sorted().toArray();
        Parts parts = new Parts(), members = new Parts();
        int[] starts = new int[classes.length * alive.length + 1];
        for (int slot = 0, i = 0; slot < classes.length; slot++) {
            for (int s = 0; s < alive.length; s++) {
                int c = classes[slot], first = s * maps;
                members.add(Arrays.stream(alive[s]).filter(map -> classOfMap[map] == c).map(map -> first + map).toArray());
                starts[++i] = members.count;
            }
        }
        Region window = mosaic.windows().getFirst();
        long windowsAt = parts.add(mosaic.windows().stream().flatMapToInt(w -> IntStream.of(w.y0(), w.x0())).toArray());
        long classesAt = parts.add(classes), startsAt = parts.add(starts), membersAt = parts.add(members.all());
        long windowRowsAt = parts.add(taps(mosaic.gridHeight(), window.height())), windowColumnsAt = parts.add(taps(mosaic.gridWidth(), window.width()));
        long rowsAt = parts.add(taps(mosaic.height(), mosaic.outputHeight())), columnsAt = parts.add(taps(mosaic.width(), mosaic.outputWidth()));
        return new AssemblyTable(parts.all(), classes.length, windowsAt, classesAt, startsAt, membersAt, windowRowsAt, windowColumnsAt, rowsAt, columnsAt);
    }

    /** First, second, and the bits of the weight, for each output. */
    private static int[] taps(int inputs, int outputs) {
        Bilinear.Taps taps = Bilinear.taps(inputs, outputs);
        return IntStream.range(0, outputs).flatMap(i -> IntStream.of(taps.first(i), taps.second(i), Float.floatToRawIntBits(taps.weight(i)))).toArray();
    }

    /** Numbers that grow at their end. */
    private static final class Parts {
        private int[] values = new int[64];
        private int count;

        /** Byte offset of what was added. */
        long add(int... more) {
            int at = count;
            count = Math.addExact(count, more.length);
            if (count > values.length) values = Arrays.copyOf(values, Math.max(count, 2 * values.length));
            System.arraycopy(more, 0, values, at, more.length);
            return (long) at * Integer.BYTES;
        }

        int[] all() {
            return Arrays.copyOf(values, count);
        }
    }
}
