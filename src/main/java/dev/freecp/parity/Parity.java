package dev.freecp.parity;

import dev.freecp.error.FreecpException;
import dev.freecp.error.InputException;
import dev.freecp.ops.Ops;
import dev.freecp.parity.Check.Mode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** Runs a folder of goldens and compares every stage of every golden. */
public final class Parity {

    private final List<Check> checks = new ArrayList<>();
    private final Consumer<Check> listener;

    private Parity(Consumer<Check> listener) {
        this.listener = listener;
    }

    /**
     * Compares all that the folder holds. A golden that is broken counts as failed, and the rest goes on.
     *
     * @param folder   with any of {@code units}, {@code vocab}, {@code purify} and {@code seg}, and the {@code models} that they name
     * @param backend  makes a fresh backend; asked once for each model and once for the units, all are closed at the end
     * @param listener hears of each comparison at once
     * @throws InputException if {@code folder} is no folder of goldens
     */
    public static ParityReport run(Path folder, Supplier<Ops> backend, Consumer<Check> listener) {
        Parity parity = new Parity(listener);
        try (GoldenFolder goldens = GoldenFolder.open(folder, backend); Ops ops = backend.get()) {
            UnitsParity units = new UnitsParity(goldens, new MapStages(ops));
            parity.all("units", goldens.names("units", ".json", ".safetensors"), units::check);
            parity.all("vocab", goldens.names("vocab", ".safetensors"), new VocabParity(goldens)::check);
            parity.all("purify", goldens.names("purify", ".json", ".safetensors"), new PurifyParity(goldens)::check);
            parity.all("seg", goldens.names("seg", ".json", ".safetensors"), new SegParity(goldens)::check);
            return new ParityReport(folder, ops.describe(), parity.checks);
        }
    }

    @FunctionalInterface
    private interface Family {
        void check(String name, Checks checks);
    }

    private void all(String part, List<String> names, Family family) {
        for (String name : names) {
            Checks golden = Checks.of(part + "/" + name, !part.equals("seg"), this::add);
            try {
                family.check(name, golden);
            } catch (FreecpException broken) {
                golden.fail(Stage.READABLE, name, Mode.CHAIN, broken.getMessage());
            } catch (RuntimeException broken) {
                golden.fail(Stage.READABLE, name, Mode.CHAIN, "cannot be compared, its parts do not fit together: " + broken);
            }
        }
    }

    private void add(Check check) {
        checks.add(check);
        listener.accept(check);
    }
}
