package dev.freecp.bench.study;

import dev.freecp.image.Picture;
import dev.freecp.ops.Region;
import dev.freecp.report.Canvas;
import dev.freecp.report.LabelColors;
import java.util.List;

/** How a picture becomes windows, and a window tokens. */
final class WindowGrid implements Study {

    private static final int SCALE = 2;

    @Override
    public String name() {
        return "windows";
    }

    @Override
    public Picture draw(Subject subject) {
        Picture cut = Panels.enlarged(subject.resized(), SCALE);
        List<Region> windows = subject.result().windows();
        for (int i = 0; i < windows.size(); i++) {
            Region place = windows.get(i);
            int inset = 2 * i;                                   // borders that several windows share stay visible
            cut = Panels.outlined(cut, SCALE * place.y0() + inset, SCALE * place.x0() + inset, SCALE * place.y1() - inset, SCALE * place.x1() - inset,
                2, LabelColors.of(i));
        }
        return new Sheet(3).add("the picture as it came", Panels.enlarged(subject.picture(), SCALE))
            .add("resized, with its %d windows".formatted(windows.size()), cut)
            .add("window %d: %d x %d tokens and one more".formatted(subject.window(), subject.gridHeight(), subject.gridWidth()), patches(subject))
            .draw(name());
    }

    private static Picture patches(Subject subject) {
        Picture pixels = subject.pixels();
        int patch = subject.tower().patch(), scale = 3, side = patch * scale;
        return Panels.of(scale * pixels.height(), scale * pixels.width(), (y, x) -> {
            int rgb = pixels.rgb(y / scale, x / scale);
            return y % side == 0 || x % side == 0 ? Canvas.mix(rgb, 0xffffff, 0.5) : rgb;
        });
    }
}
