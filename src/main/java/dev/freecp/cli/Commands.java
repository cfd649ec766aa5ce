package dev.freecp.cli;

import java.util.List;
import java.util.Optional;
import java.util.ServiceLoader;
import picocli.CommandLine;

/**
 * The commands below {@code freecp}, each made when it is asked for: picocli reads a command's options by reflection, which for all of them takes
 * longer than all else that happens before a picture is opened.
 */
record Commands(Console console, OutputFolder.Opener opener) {

    /** Those of the engine, as help lists them. */
    static final List<String> NAMES = List.of("segment", "video", "explain", "evaluate", "encode-text", "parity", "doctor", "precision", "cache", "words", "serve");

    /**
     * Adds the command that a command line begins with; where it begins with none, all of them: for help, for suggestions, and for options before a command.
     *
     * @param first the first argument, or empty
     */
    void addTo(CommandLine root, String first) {
        if (NAMES.contains(first)) {
            root.addSubcommand(first, command(first));
            return;
        }
        ServiceLoader<CommandProvider> providers = ServiceLoader.load(CommandProvider.class);
        Optional<CommandProvider> named = providers.stream().map(ServiceLoader.Provider::get).filter(provider -> provider.name().equals(first)).findFirst();
        if (named.isPresent()) {
            root.addSubcommand(first, named.get().command());
            return;
        }
        for (String name : NAMES) root.addSubcommand(name, command(name));
        for (CommandProvider provider : providers) root.addSubcommand(provider.name(), provider.command());
    }

    private Object command(String name) {
        return switch (name) {
            case "segment" -> new SegmentCommand(console, opener);
            case "video" -> new VideoCommand(console, opener);
            case "explain" -> new ExplainCommand(console, opener);
            case "evaluate" -> EvaluateCommand.commandLine(console, opener);
            case "encode-text" -> new EncodeTextCommand(console);
            case "parity" -> new ParityCommand(console.out());
            case "doctor" -> new DoctorCommand(console);
            case "precision" -> new PrecisionCommand(console);
            case "cache" -> new CacheCommand(console);
            case "words" -> new WordsCommand(console);
            case "serve" -> new ServeCommand(console);
            default -> throw new IllegalArgumentException("there is no command " + name);
        };
    }
}
