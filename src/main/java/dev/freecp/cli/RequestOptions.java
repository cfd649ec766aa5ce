package dev.freecp.cli;

import dev.freecp.error.UsageException;
import dev.freecp.purify.Step;
import dev.freecp.segment.Background;
import dev.freecp.segment.SegmentSettings;
import dev.freecp.segment.TextCache;
import dev.freecp.segment.Vocabulary;
import dev.freecp.serve.Order;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;

/**
 * Parameters of HTTP requests, read as options of the same names, so that a request means what the command line means. What the server was started
 * with stands before them and is outdone by them. Files are for whoever started the server: a request cannot name any.
 */
final class RequestOptions implements Order.Reader {

    private static final String CACHE = "--cache", CLASSES = "--classes", PRESET = "--preset", TEMPLATES = "--templates", DESCRIPTIONS = "--descriptions";
    private static final Set<String> OF_WORDS = Set.of("classes", "background", "mode", "text", "templates", "descriptions", "cleaning");

    /** Option to value. */
    private final Map<String, String> started;

    /** The options of {@code segment} that a request may give. */
    @Command(name = "request")
    private static final class Options {

        @Mixin
        private WordOptions words;

        @Mixin
        private MethodOptions method;

        SegmentSettings settings() {
            return method.settings(words.mode(), words.preset());
        }
    }

    private RequestOptions(Map<String, String> started) {
        this.started = started;
    }

    /** The options that a command was started with are those of requests that say nothing else. */
    static RequestOptions startedWith(ParseResult command) {
        Map<String, String> started = new LinkedHashMap<>();
        List<String> names = names(new CommandLine(new Options()));
        for (OptionSpec option : command.matchedOptions())
            if (names.contains(option.longestName())) started.put(option.longestName(), String.join(",", option.originalStringValues()));
        return new RequestOptions(started);
    }

    @Override
    public Order read(Map<String, String> parameters) {
        Options options = options(parameters);
        Words words = options.words.words();
        boolean bounded = options.words.isPresetOnly() || Collections.disjoint(parameters.keySet(), OF_WORDS);     // callers' own lists could fill a disk
        TextCache cache = bounded || started.containsKey(CACHE) ? words.cache() : TextCache.off();
        return new Order(words.vocabulary(), words.sentences(), cache, words.cleaning(), options.settings(), Converters.text(options.words.mode()),
            words.report());
    }

    @Override
    public SegmentSettings settings(Map<String, String> parameters) {
        return options(parameters).settings();
    }

    @Override
    public Map<String, Object> defaults() {
        Options options = options(Map.of());
        SegmentSettings settings = options.settings();
        Map<String, Object> defaults = new LinkedHashMap<>();
        if (hasWords()) {
            defaults.put("classes", entries(options.words.vocabulary()));
            defaults.put("background", options.words.words().background());
        }
        defaults.put("mode", Converters.text(options.words.mode()));
        defaults.put("method", Converters.text(settings.readOut().method()));
        defaults.put("steps", Step.format(settings.purify().steps()));
        defaults.put("tau_r", settings.purify().redundancyThreshold());
        defaults.put("tau_a", settings.purify().ambiguityThreshold());
        return defaults;
    }

    /** A class list that says the same. */
    private static List<String> entries(Vocabulary vocabulary) {
        List<String> entries = new ArrayList<>();
        if (vocabulary.background() instanceof Background.First) entries.add(String.join(", ", vocabulary.words().subList(0, vocabulary.backgroundWords())));
        for (int c = 0; c < vocabulary.classes().size(); c++) entries.add(String.join(", ", vocabulary.wordsOfClass(c)));
        return entries;
    }

    /** Whether the command was started with words to look for. */
    boolean hasWords() {
        return started.containsKey(CLASSES) || started.containsKey(PRESET);
    }

    private Options options(Map<String, String> parameters) {
        Options options = new Options();
        CommandLine line = new CommandLine(options).setOverwrittenOptionsAllowed(true).setExpandAtFiles(false);
        Map<String, String> all = new LinkedHashMap<>(started);
        if (parameters.containsKey("preset") && !parameters.containsKey("classes")) all.remove(CLASSES);
        List<String> names = names(line);
        parameters.forEach((parameter, value) -> {
            String option = "--" + parameter.replace('_', '-');
            if (option.equals(CACHE) || !names.contains(option)) throw unknown(parameter, names);
            all.put(option, withoutFiles(option, value));
        });
        List<String> arguments = new ArrayList<>();
        all.forEach((option, value) -> arguments.add(option + "=" + value));
        try {
            line.parseArgs(arguments.toArray(String[]::new));
        } catch (ParameterException e) {
            throw new UsageException(e.getMessage().replaceAll("\\s*\\R\\s*", "; ").replace("Invalid value for option '--", "invalid value for '"));
        }
        return options;
    }

    /** Some options take a file's name as well as other values. */
    private static String withoutFiles(String option, String value) {
        return switch (option) {
            case CLASSES -> value.replaceAll("\\R", ";") + ";";                 // with a semicolon it is a list and no file
            case TEMPLATES -> {
                if (!value.contains("{}")) throw new UsageException("templates in a request is one template with {} for the word, such as 'a photo of a {}.'");
                yield value;
            }
            case DESCRIPTIONS -> {
                if (!value.matches("builtin|none")) throw new UsageException("descriptions in a request is builtin or none; a file is given when the server is started");
                yield value;
            }
            default -> value;
        };
    }

    private static UsageException unknown(String parameter, List<String> names) {
        return new UsageException("there is no parameter '" + parameter + "'; there are "
            + names.stream().filter(name -> !name.equals(CACHE)).map(name -> name.substring(2).replace('-', '_')).sorted().collect(Collectors.joining(", ")));
    }

    private static List<String> names(CommandLine line) {
        return line.getCommandSpec().options().stream().map(OptionSpec::longestName).toList();
    }
}
