package dev.freecp.cli;

import dev.freecp.error.DeviceException;
import dev.freecp.error.FreecpException;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;
import picocli.CommandLine.UnmatchedArgumentException;

/**
 * {@code freecp}, the parent of all commands. Exit codes: 0 done, 1 a bug, 2 usage, 3 input, 4 device. Whatever goes wrong is one line on standard
 * error; {@code --stacktrace} adds where in the program it came up.
 */
@Command(name = "freecp", mixinStandardHelpOptions = true, versionProvider = Version.class, scope = ScopeType.INHERIT,
    synopsisHeading = "Usage: ", descriptionHeading = "%n", parameterListHeading = "%n", optionListHeading = "%nOptions:%n", commandListHeading = "%nCommands:%n",
    usageHelpWidth = 110, abbreviateSynopsis = true, sortOptions = false,
    description = "Segments pictures by words, without training: a picture and a list of words go in, a label for every pixel comes out.",
    footer = {"", "Examples:",
        "  freecp segment dog.jpg --model clip-vit-base-patch16 --classes \"grass; sky; dog, puppy\"",
        "  freecp segment photos/ --model clip-vit-base-patch16 --preset voc21 --out results",
        "  freecp segment --help"})
public final class Main implements Runnable {

    private static final int BUG = 1;
    private static final int OUT_OF_MEMORY = new DeviceException("").exitCode();

    private final Console console;

    @Spec
    private CommandSpec spec;

    @Option(names = "--stacktrace", scope = ScopeType.INHERIT, description = "Where something goes wrong, also print where in the program.")
    private boolean stacktrace;

    Main(Console console) {
        this.console = console;
    }

    /** Runs the command line and ends the JVM with its exit code. */
    public static void main(String[] args) {
        System.exit(run(args, Console.system(), OutputFolder.Opener.DISK));
    }

    /**
     * Runs one command line.
     *
     * @param out for results; UTF-8 where it is machine output
     * @param err for everything else
     * @return the exit code
     */
    public static int run(String[] args, PrintStream out, PrintStream err) {
        return run(args, new Console(out, err, false), OutputFolder.Opener.DISK);
    }

    /** The same with a choice of how result files are opened, so that tests can fill the disk. */
    static int run(String[] args, Console console, OutputFolder.Opener opener) {
        Main main = new Main(console);
        try (Warnings _ = Warnings.to(console)) {
            return main.commandLine(opener, args).execute(args);
        } catch (OutOfMemoryError e) {
            console.error("not enough memory (" + e.getMessage() + "); allow the JVM more with FREECP_JAVA_OPTS=-Xmx8g, or do with less: a smaller --memory or picture");
            if (main.stacktrace) console.trace(e);
            return OUT_OF_MEMORY;
        } finally {
            console.flush();
        }
    }

    /** picocli's model of what these arguments may ask for. */
    CommandLine commandLine(OutputFolder.Opener opener, String... arguments) {
        CommandLine root = new CommandLine(this);
        new Commands(console, opener).addTo(root, arguments.length == 0 ? "" : arguments[0]);
        root.setOut(new PrintWriter(console.out(), true, StandardCharsets.UTF_8));
        root.setErr(new PrintWriter(console.err(), true, StandardCharsets.UTF_8));
        root.setColorScheme(CommandLine.Help.defaultColorScheme(Ansi.OFF));
        root.setParameterExceptionHandler((e, _) -> refuse(e));
        root.setExecutionExceptionHandler((e, _, _) -> report(e));
        return root;
    }

    /** Without a command there is nothing to do. */
    @Override
    public void run() {
        throw wantsCommand(spec);
    }

    /** For commands that only have others below them. */
    static ParameterException wantsCommand(CommandSpec spec) {
        return new ParameterException(spec.commandLine(), "a command is missing after " + spec.qualifiedName() + "; choose one of " + String.join(", ", spec.subcommands().keySet()));
    }

    /** What picocli does not understand. */
    private int refuse(ParameterException e) {
        console.error(sentence(e));
        console.note("see " + e.getCommandLine().getCommandSpec().qualifiedName() + " --help");
        if (stacktrace) console.trace(e);
        return CommandLine.ExitCode.USAGE;
    }

    private static String sentence(ParameterException e) {
        CommandLine command = e.getCommandLine();
        ParameterException cause = e;    // picocli complains of what is missing first, although it may only be misspelt
        if (!(e instanceof UnmatchedArgumentException) && !command.getUnmatchedArguments().isEmpty())
            cause = new UnmatchedArgumentException(command, command.getUnmatchedArguments());
        String message = cause.getMessage().replaceAll("\\s*\\R\\s*", "; ");
        List<String> similar = cause instanceof UnmatchedArgumentException unmatched ? unmatched.getSuggestions() : List.of();
        return Character.toLowerCase(message.charAt(0)) + message.substring(1) + (similar.isEmpty() ? "" : "; did you mean " + String.join(" or ", similar) + "?");
    }

    private int report(Exception e) {
        console.error(e instanceof FreecpException ? e.getMessage() : "bug: " + e + (stacktrace ? "" : " (run again with --stacktrace)"));
        if (stacktrace) console.trace(e);
        return e instanceof FreecpException known ? known.exitCode() : BUG;
    }
}
