package dev.freecp.image;

import dev.freecp.error.UsageException;
import dev.freecp.ops.Region;
import java.util.ArrayList;
import java.util.List;

/** Which square windows of a picture are looked at (specification, section 2). */
public final class Windows {

    private Windows() {}

    /**
     * Windows row by row. The last one of a row or column is moved back to end at the border; where the picture is smaller than the crop the
     * window is as large as the picture.
     *
     * @param crop   side of a window in pixels; 0 makes one window of the entire picture, and {@code stride} then does not matter
     * @param stride distance of two windows in pixels
     * @param patch  side of the tower's patches in pixels
     * @throws UsageException if a window would not hold one patch, or the stride is less than one pixel
     */
    public static List<Region> of(int height, int width, int crop, int stride, int patch) {
        if (height < patch || width < patch) {
            throw new UsageException("a picture of " + new Size(height, width) + " does not hold one patch of " + patch + " pixels; resize it first");
        }
        if (crop == 0) return List.of(new Region(0, 0, height, width));
        if (crop < patch) {
            throw new UsageException("crop " + crop + " does not hold one patch: take at least " + patch + ", or 0 for the entire picture");
        }
        if (stride < 1) throw new UsageException("stride " + stride + " does not move the window: take at least 1");
        List<Region> windows = new ArrayList<>();
        for (int row = 0; row < count(height, crop, stride); row++) {
            int y2 = Math.min(row * stride + crop, height);
            for (int column = 0; column < count(width, crop, stride); column++) {
                int x2 = Math.min(column * stride + crop, width);
                windows.add(new Region(Math.max(y2 - crop, 0), Math.max(x2 - crop, 0), y2, x2));
            }
        }
        return List.copyOf(windows);
    }

    private static int count(int side, int crop, int stride) {
        return (int) (Math.max((long) side - crop + stride - 1, 0) / stride) + 1;
    }
}
