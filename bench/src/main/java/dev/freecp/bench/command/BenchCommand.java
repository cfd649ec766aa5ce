package dev.freecp.bench.command;

import dev.freecp.bench.cpu.CpuCommand;
import dev.freecp.bench.gpu.GpuCommand;
import dev.freecp.bench.report.ReportCommand;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code freecp bench}, the parent of what can be measured here. */
@Command(name = "bench", description = "Times the engine, and draws what was measured.", subcommands = {CpuCommand.class, GpuCommand.class, ReportCommand.class},
    footer = {"", "Examples:", "  freecp bench cpu --json cpu.json", "  freecp bench gpu --minutes 5 --out gpu.json", "  freecp bench report gpu.json torch.json -o gpu.html"})
final class BenchCommand implements Runnable {

    @Spec
    private CommandSpec spec;

    @Override
    public void run() {
        throw new CommandLine.ParameterException(spec.commandLine(), "bench: say what to do, for instance: bench gpu");
    }
}
