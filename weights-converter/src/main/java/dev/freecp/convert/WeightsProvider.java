package dev.freecp.convert;

import dev.freecp.cli.CommandProvider;

/** Brings {@code freecp weights} to the command line. */
public final class WeightsProvider implements CommandProvider {

    @Override
    public String name() {
        return "weights";
    }

    @Override
    public Object command() {
        return new WeightsCommand();
    }
}
