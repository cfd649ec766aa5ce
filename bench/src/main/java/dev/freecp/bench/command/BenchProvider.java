package dev.freecp.bench.command;

import dev.freecp.cli.CommandProvider;

/** Brings {@code freecp bench} to the command line. */
public final class BenchProvider implements CommandProvider {

    @Override
    public String name() {
        return "bench";
    }

    @Override
    public Object command() {
        return new BenchCommand();
    }
}
