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

    /** The score that stands for a run; empty for other models, whatever the paper did not do, and the vanilla read-out, which it does not report. */
    public static OptionalDouble of(VisionConfig model, Preset preset, Variant run) {
        ReadOut method = run.settings().readOut().method();
        boolean published = run.choice().equals(Variant.Choice.PUBLISHED) && run.settings().equals(preset.settings(method));
        if (!published || model.width() != WIDTH_OF_B || model.patch() != PATCH) return OptionalDouble.empty();
        try (InputStream in = PublishedScores.class.getResourceAsStream("/dev/freecp/evaluate/published.json")) {
            Map<?, ?> scores = (Map<?, ?>) JSON.std.mapFrom(in).getOrDefault(method.name().toLowerCase(Locale.ROOT), Map.of());
            return scores.get(preset.key()) instanceof Number score ? OptionalDouble.of(score.doubleValue()) : OptionalDouble.empty();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
