package dev.freecp.report.explain;

import dev.freecp.image.Size;
import dev.freecp.ops.Region;
import java.util.List;

/**
 * The picture's own grid of patches, each seen by the window whose centre is nearest: what windows see, put together without averaging. Features of
 * different windows are of different contexts, and their mean would be a feature that no window has.
 */
final class Lattice {

    private final Size cells;
    private final int[] window;
    private final int[] cellInWindow;

    Lattice(Size resized, List<Region> windows, Size grid, int patch) {
        cells = new Size(resized.height() / patch, resized.width() / patch);
        window = new int[cells.height() * cells.width()];
        cellInWindow = new int[window.length];
        for (int cell = 0; cell < window.length; cell++) {
            double y = (cell / cells.width() + 0.5) * patch, x = (cell % cells.width() + 0.5) * patch;
            int nearest = nearest(windows, y, x);
            Region at = windows.get(nearest);
            int row = Math.clamp((long) (y - at.y0()) / patch, 0, grid.height() - 1), column = Math.clamp((long) (x - at.x0()) / patch, 0, grid.width() - 1);
            window[cell] = nearest;
            cellInWindow[cell] = row * grid.width() + column;
        }
    }

    private static int nearest(List<Region> windows, double y, double x) {
        int nearest = 0;
        for (int w = 1; w < windows.size(); w++) if (distance(windows.get(w), y, x) < distance(windows.get(nearest), y, x)) nearest = w;
        return nearest;
    }

    /** Of the farther direction: windows are squares. */
    private static double distance(Region window, double y, double x) {
        return Math.max(Math.abs(y - (window.y0() + window.y1()) / 2.0), Math.abs(x - (window.x0() + window.x1()) / 2.0));
    }

    Size cells() {
        return cells;
    }

    int count() {
        return window.length;
    }

    /** Window that sees a cell. */
    int window(int cell) {
        return window[cell];
    }

    /** Its number on that window's grid. */
    int cellInWindow(int cell) {
        return cellInWindow[cell];
    }
}
