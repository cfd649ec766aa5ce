package dev.freecp.report;

import dev.freecp.clip.Clip;
import dev.freecp.segment.SegmentSettings;
import java.util.Map;

/**
 * What all pictures of a run share.
 *
 * @param version  of the program
 * @param clip     the model
 * @param device   the backend, in words
 * @param mode     whose method, released or paper; what that means in detail is in the settings
 * @param settings of the run
 * @param text     how the words became numbers: names and values as they are to stand in the report
 */
public record RunFacts(String version, Clip clip, String device, String mode, SegmentSettings settings, Map<String, ?> text) {
}
