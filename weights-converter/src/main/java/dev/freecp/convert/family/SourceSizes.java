package dev.freecp.convert.family;

import dev.freecp.convert.source.Refusal;
import dev.freecp.convert.source.TensorSource;
import dev.freecp.tensor.Shape;
import java.nio.file.Path;
import java.util.Map;

/** Reads a model's sizes off its tensors. A size whose tensors are all missing is 1: what is missing is reported soon after, by name. */
final class SourceSizes {

    /** Far above any model (vocabularies have a quarter of a million rows), and far below where products of two sizes wrap. */
    private static final int LARGEST = 1 << 22;

    private final TensorSource source;
    private final Map<String, String> fullNames;
    private final Path file;

    /** @param fullNames names without the wrappers' prefix, to those of the source */
    SourceSizes(TensorSource source, Map<String, String> fullNames, Path file) {
        this.source = source;
        this.fullNames = fullNames;
        this.file = file;
    }

    boolean has(String name) {
        return fullNames.containsKey(name);
    }

    /** Size of a dimension (negative: from the end) of the first of these tensors that is there and has it. */
    int size(int dimension, String... names) {
        for (String name : names) {
            if (!has(name)) continue;
            Shape shape = source.shape(fullNames.get(name));
            if (dimension >= 0 ? dimension >= shape.rank() : -dimension > shape.rank()) continue;
            int size = shape.dim(dimension);
            if (size > LARGEST) throw new Refusal(Refusal.Kind.TOO_LARGE, file, name + " has " + size + " rows or columns, no model has more than " + LARGEST);
            return Math.max(1, size);
        }
        return 1;
    }

    /** Side of the square of patches in a position table of 1 + side * side rows. */
    int grid(int rows) {
        return Math.max(1, (int) Math.sqrt(rows - 1));
    }

    /** Side of a square patch, from the convolution (width, 3, patch, patch). */
    int patch(String convolution) {
        int side = size(2, convolution);
        return side > 1 || !has(convolution) || source.shape(fullNames.get(convolution)).rank() > 2 ? side : (int) Math.max(1, Math.sqrt(size(1, convolution) / 3.0));
    }

    /** Whether any name begins so. */
    boolean hasAny(String start) {
        return fullNames.keySet().stream().anyMatch(name -> name.startsWith(start));
    }

    /**
     * How many different numbers follow {@code stem}, as in {@code blocks.0.}, but at least one; that they are 0, 1, ... shows when the blocks are
     * asked for.
     */
    int layers(String stem) {
        return Math.max(1, (int) fullNames.keySet().stream().filter(name -> name.startsWith(stem + "."))
            .map(name -> name.substring(stem.length() + 1, Math.max(stem.length() + 1, name.indexOf('.', stem.length() + 1))))
            .filter(number -> !number.isEmpty() && number.chars().allMatch(c -> c >= '0' && c <= '9')).distinct().count());
    }
}
