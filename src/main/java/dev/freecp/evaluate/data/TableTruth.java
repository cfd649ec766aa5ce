package dev.freecp.evaluate.data;

import dev.freecp.image.LabelMap;

import java.nio.file.Path;
import java.util.function.Function;

/**
 * The truth of a file whose values stand for labels by a publisher's table.
 *
 * @param values reads them
 */
record TableTruth(Path file, Function<Path, LabelMap> values, IdTable table) implements Truth {

    @Override
    public LabelMap read() {
        return table.labels(values.apply(file), file.toString());
    }
}
