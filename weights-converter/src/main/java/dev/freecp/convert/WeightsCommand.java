package dev.freecp.convert;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code freecp weights}, the parent of what this module can do. */
@Command(name = "weights", mixinStandardHelpOptions = true, description = "Converts, lists, checks, compares and invents weights.",
    subcommands = {ConvertCommand.class, InspectCommand.class, VerifyCommand.class, DiffCommand.class, RandomCommand.class})
final class WeightsCommand implements Runnable {

    @Spec
    private CommandSpec spec;

    @Override
    public void run() {
        throw new CommandLine.ParameterException(spec.commandLine(), "weights: say what to do with them, for instance: weights inspect FILE");
    }
}
