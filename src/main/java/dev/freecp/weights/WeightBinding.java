package dev.freecp.weights;

import dev.freecp.error.InputException;
import dev.freecp.tensor.DType;
import dev.freecp.tensor.Shape;
import dev.freecp.tensor.Storage;
import dev.freecp.tensor.Tensor;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;

/**
 * Takes a model's tensors out of {@link Weights} by name and shape, and reports everything that does not fit together instead of one
 * fault at a time: first ask for all with {@link #want}, then {@link #finish}, then use them.
 */
public final class WeightBinding {

    private static final int SHOWN = 8;
    /** More is a configuration gone wrong (two thousand million layers), not a model: stop asking. */
    private static final int MAX_MISSING = 10_000;

    private final Weights weights;
    private final Set<String> wanted = new LinkedHashSet<>();
    private final List<String> missing = new ArrayList<>();
    private final List<String> misfits = new ArrayList<>();
    private Predicate<String> skipped = name -> false;

    public WeightBinding(Weights weights) {
        this.weights = weights;
    }

    /**
     * The tensor called {@code name} under the names of {@code shape}. Sizes must be equal, except that a single number may come as [] or [1];
     * the type must be F64, F32, F16 or BF16. Where that is not so the fault is kept for {@link #finish}, and what is returned has
     * the shape wanted but no memory: it must not be read before {@code finish} has passed.
     *
     * @throws InputException if more names are missing than any model has
     */
    public Tensor want(String name, Shape shape) {
        wanted.add(name);
        if (!weights.has(name)) {
            missing.add(name);
            if (missing.size() > MAX_MISSING) finish();
            return placeholder(name, shape);
        }
        Tensor tensor = weights.tensor(name);
        if (!tensor.type().isFloat()) {
            misfits.add(name + " (wanted a float type, came " + tensor.type() + ")");
            return placeholder(name, shape);
        }
        boolean number = shape.count() == 1 && shape.rank() <= 1 && tensor.shape().count() == 1 && tensor.shape().rank() <= 1;
        if (!number && !tensor.shape().sameSizes(shape)) {
            misfits.add(name + " (wanted " + shape + ", came " + Arrays.toString(tensor.shape().sizes()) + ")");
            return placeholder(name, shape);
        }
        return tensor.as(name, shape);
    }

    /** Names that may be there although nobody wants them, such as the {@code position_ids} that older programs saved along. */
    public void skip(Predicate<String> names) {
        skipped = skipped.or(names);
    }

    /**
     * Ends the asking.
     *
     * @throws InputException that lists what is missing, misshapen and unused, or says what kind of model this is instead
     */
    public void finish() {
        List<String> unused = weights.names().stream().filter(name -> !wanted.contains(name) && !skipped.test(name)).toList();
        if (missing.isEmpty() && misfits.isEmpty() && unused.isEmpty()) return;
        if (!missing.isEmpty()) {
            NamingStyle.verdict(unused).ifPresent(verdict -> {
                throw refusal(verdict);
            });
            if (missing.size() == wanted.size()) {
                throw refusal("holds none of the " + wanted.size() + " tensors of this model, such as " + missing.getFirst() + "; it holds "
                    + weights.names().size() + listed(List.copyOf(weights.names())));
            }
        }
        List<String> faults = new ArrayList<>();
        if (!missing.isEmpty()) faults.add(missing.size() + " missing" + listed(missing));
        if (!misfits.isEmpty()) faults.add(misfits.size() + " misshapen" + listed(misfits));
        if (!unused.isEmpty()) faults.add(unused.size() + " unused" + listed(unused));
        throw refusal("tensors do not fit the model that its configuration describes: " + String.join("; ", faults));
    }

    /**
     * Looks at all numbers of {@code tensor}.
     *
     * @throws InputException that names the first that is NaN or infinite, or becomes so as float32
     */
    public void requireFinite(Tensor tensor) {
        long index = Floats.firstNonFinite(tensor);
        if (index < 0) return;
        throw refusal("tensor '" + tensor.name() + "' holds " + Floats.get(tensor, index) + " at index " + index + " of "
            + Arrays.toString(tensor.shape().sizes()) + ", weights must be finite in float32");
    }

    private InputException refusal(String what) {
        return new InputException(weights.file() + ": " + what);
    }

    private static String listed(List<String> names) {
        if (names.isEmpty()) return "";
        String more = names.size() > SHOWN ? " and " + (names.size() - SHOWN) + " more" : "";
        return ": " + String.join(", ", names.subList(0, Math.min(SHOWN, names.size()))) + more;
    }

    private static Tensor placeholder(String name, Shape shape) {
        return new Tensor(name, shape, DType.F32, shape.cols(), new Storage.Host(MemorySegment.NULL));
    }
}
