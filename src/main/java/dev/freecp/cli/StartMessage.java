package dev.freecp.cli;

import dev.freecp.image.ResizeRule;
import dev.freecp.purify.PurifySettings;
import dev.freecp.purify.Step;
import dev.freecp.segment.SegmentSettings;
import dev.freecp.segment.Segmenter;
import dev.freecp.segment.Vocabulary;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/** What a run says before it computes: everything that was chosen, whether it was asked for or not. */
final class StartMessage {

    private StartMessage() {
    }

    static List<String> lines(Segmenter segmenter, String device, SegmentSettings settings, Mode mode, Words words) {
        return List.of(
            line("model", segmenter.clip().folder() + ": " + segmenter.clip().config().describe().replaceAll("; (?=text|mean)", "\n" + line("", ""))),
            line("device", device),
            line("method", method(settings, mode)),
            line("windows", windows(settings)),
            line("words", words(words)));
    }

    /** A line of the list: what it is about, and what there is to say. */
    static String line(String topic, String text) {
        return "  %-8s %s".formatted(topic, text);
    }

    private static String method(SegmentSettings settings, Mode mode) {
        PurifySettings purify = settings.purify();
        StringBuilder text = new StringBuilder(Converters.text(settings.readOut().method()) + ", " + Converters.text(mode) + " mode, steps " + Step.format(purify.steps()));
        if (purify.steps().contains(Step.REDUNDANCY)) text.append(", tau-r ").append(purify.redundancyThreshold());
        if (purify.steps().contains(Step.AMBIGUITY)) text.append(", tau-a ").append(purify.ambiguityThreshold());
        if (purify.affinityLayers() != null)
            text.append(", affinity of layers ").append(Arrays.stream(purify.affinityLayers()).mapToObj(Integer::toString).collect(Collectors.joining(",")));
        return text.toString();
    }

    private static String windows(SegmentSettings settings) {
        String pictures = settings.resize().equals(ResizeRule.NONE) ? "pictures as they are"
            : "pictures resized to a short side of " + settings.resize().shortLimit() + " px (long side at most " + settings.resize().longLimit() + ")";
        return settings.crop() == 0 ? "one for all of a picture; " + pictures : settings.crop() + " px, " + settings.stride() + " px apart; " + pictures;
    }

    private static String words(Words words) {
        Vocabulary v = words.vocabulary();
        String classes = count(v.foregroundWords(), "word", "words") + " for " + count(v.classes().size(), "class", "classes");
        int background = v.backgroundWords();
        if (!v.hasBackground()) return classes + ", no background";
        return classes + ", background " + (background > 0 ? "of " + count(background, "word", "words") : words.background());
    }

    static String count(int n, String one, String many) {
        return n + " " + (n == 1 ? one : many);
    }
}
