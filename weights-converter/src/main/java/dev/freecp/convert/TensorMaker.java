package dev.freecp.convert;

import dev.freecp.weights.Pages;
import dev.freecp.convert.family.Model;
import dev.freecp.convert.family.Recipe;
import dev.freecp.convert.source.Refusal;
import dev.freecp.convert.source.TensorSource;
import dev.freecp.tensor.DType;
import dev.freecp.tensor.Tensor;
import dev.freecp.weights.Floats;
import dev.freecp.weights.LazyTensor;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/** Makes a model's tensors by their recipes, one by one while they are written. What is no number is refused. */
final class TensorMaker {


    private final Model model;
    private final TensorSource source;
    private final Path file;
    private final DType type;
    /** Read by the one before; what was made of it may have been the same memory, and is written by now. */
    private Tensor last;

    TensorMaker(Model model, TensorSource source, Path file, DType type) {
        this.model = model;
        this.source = source;
        this.file = file;
        this.type = type;
    }

    Map<String, LazyTensor> tensors() {
        Map<String, LazyTensor> tensors = new LinkedHashMap<>();
        for (Recipe recipe : model.recipes()) tensors.put(recipe.target(), new LazyTensor(type, recipe.shape(), arena -> make(recipe, arena)));
        return tensors;
    }

    private Tensor make(Recipe recipe, Arena arena) {
        if (last != null) Pages.release(last);
        last = model.tensor(source, recipe);
        Tensor view = recipe.view(last);
        long bad = Floats.firstNonFinite(view);
        if (bad >= 0) throw new Refusal(Refusal.Kind.MALFORMED, file, recipe.source() + " holds NaN or infinity (number " + bad + " of what becomes " + recipe.target() + ")");
        Caster caster = new Caster(type);
        Tensor made = caster.cast(recipe.part() == Recipe.Part.TRANSPOSED ? transposed(recipe, view, arena) : view, arena);
        if (caster.overflowed() > 0) {
            throw new Refusal(Refusal.Kind.UNSUPPORTED, file, recipe.source() + " holds " + caster.overflowed() + " numbers too large for " + type + "; choose another --dtype");
        }
        return made;
    }

    /** In its own type, so that there is one rounding only. */
    private static Tensor transposed(Recipe recipe, Tensor matrix, Arena arena) {
        Tensor result = Tensor.allocate(arena, recipe.target(), recipe.shape(), matrix.type(), recipe.shape().cols());
        long bytes = matrix.type().bytes();
        for (int row = 0; row < result.rows(); row++)
            for (int c = 0; c < result.cols(); c++) MemorySegment.copy(matrix.segment(), matrix.offset(c, row), result.segment(), result.offset(row, c), bytes);
        return result;
    }
}
