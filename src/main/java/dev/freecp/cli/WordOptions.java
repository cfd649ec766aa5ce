package dev.freecp.cli;

import dev.freecp.clip.Cleaning;
import dev.freecp.clip.PromptTemplates;
import dev.freecp.error.UsageException;
import dev.freecp.segment.Background;
import dev.freecp.segment.Descriptions;
import dev.freecp.segment.Preset;
import dev.freecp.segment.QuerySentences;
import dev.freecp.segment.TextCache;
import dev.freecp.segment.TextSource;
import dev.freecp.segment.Vocabulary;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Option;

/** What is looked for, and the sentences that stand for it. */
final class WordOptions {

    @Option(names = "--classes", paramLabel = "FILE|LIST",
        description = "Classes: a text file with one a line, or a list such as \"grass; sky; dog, puppy\"; words of one class are separated by a comma and a space.")
    private String classes;

    @Option(names = "--preset", paramLabel = "NAME", converter = Converters.PresetName.class,
        description = "Words, background, windows and thresholds of a data set: voc21, voc20, context60, context59, coco_object, coco_stuff, city_scapes or ade20k. "
            + "Other options override it.")
    private Preset preset;

    @Option(names = "--background", paramLabel = "RULE", converter = Converters.BackgroundRule.class,
        description = "none; first (the first class is the background); words of it such as \"sky, wall\"; or threshold:0.3 (where no class scores as much); default the preset's, or none.")
    private Background background;

    @Option(names = "--mode", paramLabel = "NAME", defaultValue = "released", converter = Converters.ModeName.class,
        description = "Whose method: released (the authors' program) or paper (its text, where the two differ); default ${DEFAULT-VALUE}.")
    private Mode mode;

    @Option(names = "--text", paramLabel = "NAME", defaultValue = "templates", converter = Converters.TextSourceName.class,
        description = "What patches are compared with: templates filled with a word, or its descriptions; default ${DEFAULT-VALUE}.")
    private TextSource source;

    @Option(names = "--templates", paramLabel = "FILE|TEXT", description = "A text file with one template a line, or one such as \"a photo of a {}.\"; default the 80 of CLIP.")
    private String templates;

    @Option(names = "--descriptions", paramLabel = "FILE|NAME",
        description = "Sentences for the closer look at ambiguous regions: a JSON object of word to sentences (templates where a word has none); builtin, those that come with the program; "
            + "or none, templates for every word. Default builtin for the words of a preset, none for classes of your own.")
    private String descriptions;

    @Option(names = "--cleaning", paramLabel = "NAME", defaultValue = "plain", converter = Converters.CleaningName.class,
        description = "How text is cleaned before it is split into tokens: plain (as in transformers) or ftfy (as in CLIP's own program); default ${DEFAULT-VALUE}.")
    private Cleaning cleaning;

    @Option(names = "--cache", paramLabel = "DIR|off", description = "Where text features are kept; default $XDG_CACHE_HOME/freecp or ~/.cache/freecp.")
    private String cache;

    Mode mode() {
        return mode;
    }

    Optional<Preset> preset() {
        return Optional.ofNullable(preset);
    }

    /**
     * Reads all files that options name.
     *
     * @throws UsageException if there are no classes, or they are wrong; input exceptions for files
     */
    Words words() {
        return words(vocabulary(), source, Map.of());
    }

    /**
     * The same for another vocabulary.
     *
     * @param source  what patches are compared with
     * @param renamed word to the name under which it stands in the vocabulary; its sentences go with it
     */
    Words words(Vocabulary vocabulary, TextSource source, Map<String, String> renamed) {
        return new Words(vocabulary, sentences(vocabulary, source, descriptions().renamed(renamed)), source, cache(), cleaning);
    }

    /** What patches are compared with. */
    TextSource source() {
        return source;
    }

    /** Whether words have sentences for ambiguity purification, other than filled templates. */
    boolean described() {
        return !descriptions().all().isEmpty();
    }

    /** Whether all words and sentences are a preset's own. */
    boolean isPresetOnly() {
        boolean own = descriptions == null || descriptions.equals("builtin");
        return preset != null && classes == null && background == null && templates == null && own && source == TextSource.TEMPLATES;
    }

    /** Classes and background, as the options say. */
    Vocabulary vocabulary() {
        if (classes != null) return Vocabulary.of(classes, background == null ? presetBackground() : background);
        if (preset == null) throw new UsageException("nothing to look for; name it with --classes \"grass; sky; dog\", a file of classes, or a --preset");
        Vocabulary words = preset.vocabulary();
        boolean asPublished = background == null || background instanceof Background.First && preset.withBackground();
        return asPublished ? words : Vocabulary.parse(String.join("; ", words.classes()), background);
    }

    /** Another class list under a preset is read as the preset's own file is. */
    private Background presetBackground() {
        return preset != null && preset.withBackground() ? new Background.First() : new Background.None();
    }

    private QuerySentences sentences(Vocabulary vocabulary, TextSource source, Descriptions sentences) {
        if (source == TextSource.DESCRIPTIONS && sentences.all().isEmpty()) throw new UsageException("--text descriptions needs --descriptions FILE or builtin");
        return QuerySentences.of(vocabulary, promptTemplates(), sentences, source, mode.descriptionLimit());
    }

    /** For classes of one's own the built-in sentences would describe some words and not others, and a group would compare unlike things. */
    private Descriptions descriptions() {
        String chosen = descriptions != null ? descriptions : preset != null && classes == null ? "builtin" : "none";
        return switch (chosen) {
            case "builtin" -> Descriptions.builtIn(preset);
            case "none" -> Descriptions.none();
            default -> Descriptions.read(Path.of(chosen));
        };
    }

    private PromptTemplates promptTemplates() {
        if (templates == null) return PromptTemplates.clip80();
        return templates.contains("{}") ? PromptTemplates.single(templates) : PromptTemplates.read(Path.of(templates));
    }

    /** Whether text features are not to be kept. */
    boolean isUncached() {
        return "off".equals(cache);
    }

    private TextCache cache() {
        return isUncached() ? TextCache.off() : TextCache.at(cache == null ? TextCache.defaultFolder() : Path.of(cache));
    }
}
