package dev.freecp.cli;

/**
 * A subcommand of {@code freecp} that another module brings. The module names its implementation in
 * {@code META-INF/services/dev.freecp.cli.CommandProvider}; the command line finds it with {@link java.util.ServiceLoader} when its jar is on the
 * class path, so the engine depends on no such module.
 */
public interface CommandProvider {

    /** What to type: {@code weights} becomes {@code freecp weights}. */
    String name();

    /** A fresh object annotated with {@link picocli.CommandLine.Command} of that name. It may have subcommands of its own. */
    Object command();
}
