package dev.freecp.evaluate;

import com.fasterxml.jackson.jr.ob.JSON;
import dev.freecp.clip.ReadOut;
import dev.freecp.clip.VisionConfig;
import dev.freecp.segment.Preset;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalDouble;

/** mIoU that the paper's authors report for ViT-B/16 with class purification (specification, section 11). */
public final class PublishedScores {

    private static final int WIDTH_OF_B = 768, PATCH = 16;

    private PublishedScores() {
    }

    /** The score of a read-out on a data set; empty for other models, and for the vanilla read-out, which has none. */
    public static OptionalDouble of(VisionConfig model, Preset preset, ReadOut method) {
        if (model.width() != WIDTH_OF_B || model.patch() != PATCH) return OptionalDouble.empty();
        try (InputStream in = PublishedScores.class.getResourceAsStream("/dev/freecp/evaluate/published.json")) {
            return JSON.std.mapFrom(in).get(method.name().toLowerCase(Locale.ROOT)) instanceof Map<?, ?> row && row.get(preset.key()) instanceof Number score
                ? OptionalDouble.of(score.doubleValue()) : OptionalDouble.empty();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
