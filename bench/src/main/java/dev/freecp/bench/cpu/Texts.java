package dev.freecp.bench.cpu;

import dev.freecp.clip.PromptTemplates;
import dev.freecp.clip.TextConfig;
import dev.freecp.ops.Workspace;
import dev.freecp.segment.Preset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The text tower over a sample of COCO Stuff's words in the 80 templates: up to each sentence's end, and over all positions, as programs do that pad. Tokens are
 * counted as words and punctuation marks, which is what CLIP's vocabulary makes of common words; which tokens they are costs nothing.
 */
final class Texts {

    /** One word of so many is taken; of its sentences, one of so many is run at full length as well. */
    private static final int WORDS_STEP = 28, TINY_WORDS_STEP = 171, PADDED_STEP = 16;

    private static final Pattern TOKEN = Pattern.compile("\\w+|[^\\w\\s]");

    private final String group;
    private final int step;
    private final ProcessorTime time;

    Texts(String model, boolean tiny, ProcessorTime time) {
        this.step = tiny ? TINY_WORDS_STEP : WORDS_STEP;
        this.group = "text " + model;
        this.time = time;
    }

    List<Contender> of(Model model) {
        TextConfig config = model.clip().config().text();
        List<int[]> sentences = sentences(config), padded = new ArrayList<>();
        for (int i = 0; i < sentences.size(); i += PADDED_STEP) padded.add(padded(sentences.get(i), config));
        double tokens = sentences.stream().mapToInt(ids -> ids.length).average().orElseThrow();
        return List.of(contender(model, Contender.OURS, sentences, Map.of("tokens a sentence", tokens)),
            contender(model, "all " + config.context() + " positions", padded, Map.of("tokens a sentence", config.context())));
    }

    private Contender contender(Model model, String who, List<int[]> sentences, Map<String, Object> facts) {
        return new Contender(group, "COCO Stuff's words in 80 templates, a sample", who, model.threads(), sentences.size(), Contender.Unit.SENTENCES, facts, () -> {
            try (Workspace workspace = model.ops().workspace()) {
                return Lap.of(time, () -> {
                    try (Workspace scratch = workspace.scope()) {
                        model.clip().text().encode(scratch, sentences);
                    }
                });
            }
        });
    }

    private List<int[]> sentences(TextConfig config) {
        List<String> words = Preset.COCO_STUFF.vocabulary().words();
        List<int[]> sentences = new ArrayList<>();
        for (int word = 0; word < words.size(); word += step)
            for (String sentence : PromptTemplates.clip80().fill(words.get(word))) sentences.add(ids(sentence, config));
        return sentences;
    }

    /** Start, tokens of no meaning, end; the end is the largest id. */
    private static int[] ids(String sentence, TextConfig config) {
        int tokens = 0;
        for (Matcher matcher = TOKEN.matcher(sentence); matcher.find(); ) tokens++;
        int[] ids = new int[Math.min(tokens + 2, config.context())];
        for (int i = 1; i < ids.length - 1; i++) ids[i] = 1 + (i * 37 + sentence.hashCode() & 0x1ff) % (config.vocabulary() - 3);
        ids[0] = config.vocabulary() - 2;
        ids[ids.length - 1] = config.vocabulary() - 1;
        return ids;
    }

    /** The same work as a sentence with padding: as long as there are positions, with the end at the last of them. */
    private static int[] padded(int[] ids, TextConfig config) {
        int[] all = Arrays.copyOf(ids, config.context());
        all[ids.length - 1] = 0;
        all[all.length - 1] = config.vocabulary() - 1;
        return all;
    }
}
