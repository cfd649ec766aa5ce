package dev.freecp.bench.input;

import dev.freecp.image.Picture;
import java.util.SplittableRandom;

/** Smooth seeded colours. */
public final class RandomPictures {

    private RandomPictures() {
    }

    public static Picture waves(int height, int width, long seed) {
        byte[] rgb = new byte[3 * height * width];
        double[] f = new SplittableRandom(seed).doubles(9, 0.01, 0.06).toArray();
        for (int i = 0; i < rgb.length; i++) {
            int c = i % 3, x = i / 3 % width, y = i / 3 / width;
            rgb[i] = (byte) (128 + 100 * Math.sin(f[c] * x + f[3 + c] * y) * Math.cos(f[6 + c] * (x - y)));
        }
        return Picture.of("waves", height, width, rgb);
    }
}
