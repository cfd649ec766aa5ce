package dev.freecp.segment;

import dev.freecp.image.Picture;
import dev.freecp.ops.Box;
import dev.freecp.ops.Region;
import dev.freecp.purify.CropLook;
import dev.freecp.purify.PurifySettings;
import dev.freecp.tensor.Tensor;
import java.util.List;

/**
 * Where the crops of ambiguity purification lie (specification, section 12 row 12): in the resized picture, as windows do, or at the same place of
 * the picture as it came.
 */
final class CropPlaces implements CropLook.Source {

    private final Tensor pixels;
    private final List<Region> windows;
    private final int patch;
    private final boolean original;
    private final Picture picture;
    private final Picture resized;

    /** @param pixels what is cut: the picture as it came or the resized one, as {@code source} says, on the backend */
    CropPlaces(PurifySettings.CropSource source, Tensor pixels, Picture picture, Picture resized, List<Region> windows, int patch) {
        this.original = source == PurifySettings.CropSource.PICTURE;
        this.pixels = pixels;
        this.picture = picture;
        this.resized = resized;
        this.windows = windows;
        this.patch = patch;
    }

    @Override
    public Tensor picture() {
        return pixels;
    }

    @Override
    public Region region(int window, Box box) {
        Region region = CropLook.inWindow(windows.get(window), box, patch);
        return original ? inPicture(region) : region;
    }

    /** A region of the resized picture on the picture as it came, rounded outwards, so that it has at least one pixel. */
    private Region inPicture(Region r) {
        double down = (double) picture.height() / resized.height(), across = (double) picture.width() / resized.width();
        int y0 = (int) (r.y0() * down), x0 = (int) (r.x0() * across);
        int y1 = (int) Math.ceil(r.y1() * down), x1 = (int) Math.ceil(r.x1() * across);
        return new Region(y0, x0, Math.min(y1, picture.height()), Math.min(x1, picture.width()));
    }
}
