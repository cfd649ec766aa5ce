package dev.freecp.report;

import dev.freecp.clip.ReadOutSettings;
import dev.freecp.image.ResizeRule;
import dev.freecp.purify.PurifySettings;
import dev.freecp.purify.Step;
import dev.freecp.segment.SegmentSettings;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;

/** Settings as JSON, every one of them, whether it was asked for or is the default. */
final class SettingsReport {

    private SettingsReport() {
    }

    static Map<String, Object> of(String mode, SegmentSettings settings) {
        PurifySettings p = settings.purify();
        ReadOutSettings r = settings.readOut();
        Map<String, Object> json = PictureReport.object(
            "mode", mode, "method", text(r.method()), "form", text(r.form()), "gem_blocks", r.gemBlocks(),
            "steps", Step.format(p.steps()), "tau_r", p.redundancyThreshold(), "tau_a", p.ambiguityThreshold(),
            "resize", settings.resize().equals(ResizeRule.NONE) ? null : PictureReport.object("long", settings.resize().longLimit(), "short", settings.resize().shortLimit()),
            "crop", settings.crop(), "stride", settings.stride(),
            "affinity_layers", p.affinityLayers() == null ? null : Arrays.stream(p.affinityLayers()).boxed().toList());
        json.put("rules", PictureReport.object(
            "consistency", text(p.consistency()), "redundancy_map", text(p.redundancyMap()), "affinity", text(p.affinity()), "refinement", text(p.refinement()),
            "elimination", text(p.elimination()), "description_limit", p.descriptionLimit(), "crop_rule", text(p.cropRule()), "activation", text(p.activation()),
            "background", text(p.background()), "crop_source", text(p.cropSource()), "box_rule", text(p.boxRule()), "resolution", text(p.resolution())));
        return json;
    }

    /** A constant as it stands in JSON. */
    static String text(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT);
    }
}
