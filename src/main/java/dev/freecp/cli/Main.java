package dev.freecp.cli;

import dev.freecp.error.DeviceException;
import dev.freecp.error.FreecpException;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.ServiceLoader;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.UnmatchedArgumentException;

/**
 * {@code freecp}, the parent of all commands. Exit codes: 0 done, 1 a bug, 2 usage, 3 input, 4 device. Whatever goes wrong is one line on standard error;
 * {@code --stacktrace} adds where in the program it came up.
 */
@Command(name = "freecp", mixinStandardHelpOptions = true, versionProvider = Version.class, scope = ScopeType.INHERIT,
    synopsisHeading = "Usage: ", descriptionHeading = "%n", parameterListHeading = "%n", optionListHeading = "%nOptions:%n", commandListHeading = "%nCommands:%n",
    usageHelpWidth = 110, abbreviateSynopsis = true, sortOptions = false,
    description = "Segments pictures by words, without training: a picture and a list of words go in, a label for every pixel comes out.",
    footer = {"", "Examples:",
        "  freecp segment dog.jpg --model clip-vit-base-patch16 --classes \"grass; sky; dog, puppy\"",
        "  freecp segment photos/ --model clip-vit-base-patch16 --preset voc21 --out results",
        "  freecp segment --help"})
public final class Main {

    private static final int BUG = 1;
    private static final int OUT_OF_MEMORY = new DeviceException("").exitCode();

    private final Console console;

    @Option(names = "--stacktrace", scope = ScopeType.INHERIT, description = "Where something goes wrong, also print where in the program.")
    private boolean stacktrace;

    private Main(Console console) {
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
            return main.commandLine(opener).execute(args);
        } catch (OutOfMemoryError e) {
            console.error("not enough memory (" + e.getMessage() + "); allow the JVM more with FREECP_JAVA_OPTS=-Xmx8g, or do with less: a smaller --memory or picture");
            if (main.stacktrace) console.trace(e);
            return OUT_OF_MEMORY;
        } finally {
            console.flush();
        }
    }

    private CommandLine commandLine(OutputFolder.Opener opener) {
        CommandLine root = new CommandLine(this);
        root.addSubcommand(new SegmentCommand(console, opener));
        root.addSubcommand(new EncodeTextCommand(console));
        root.addSubcommand(new CacheCommand(console));
        for (CommandProvider provider : ServiceLoader.load(CommandProvider.class)) root.addSubcommand(provider.command());
        root.setOut(new PrintWriter(console.out(), true, StandardCharsets.UTF_8));
        root.setErr(new PrintWriter(console.err(), true, StandardCharsets.UTF_8));
        root.setColorScheme(CommandLine.Help.defaultColorScheme(Ansi.OFF));
        root.setParameterExceptionHandler((e, _) -> refuse(e));
        root.setExecutionExceptionHandler((e, _, _) -> report(e));
        return root;
    }

    /** What picocli does not understand. */
    private int refuse(ParameterException e) {
        StringBuilder message = new StringBuilder(e.getMessage().replaceAll("\\s*\\R\\s*", "; "));
        message.setCharAt(0, Character.toLowerCase(message.charAt(0)));
        if (e instanceof UnmatchedArgumentException unmatched && !unmatched.getSuggestions().isEmpty())
            message.append("; did you mean ").append(String.join(" or ", unmatched.getSuggestions())).append('?');
        console.error(message.toString());
        console.note("see " + e.getCommandLine().getCommandSpec().qualifiedName() + " --help");
        if (stacktrace) console.trace(e);
        return CommandLine.ExitCode.USAGE;
    }

    private int report(Exception e) {
        console.error(e instanceof FreecpException ? e.getMessage() : "bug: " + e + (stacktrace ? "" : " (run again with --stacktrace)"));
        if (stacktrace) console.trace(e);
        return e instanceof FreecpException known ? known.exitCode() : BUG;
    }
}
