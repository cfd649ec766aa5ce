package dev.freecp.convert.family;

import dev.freecp.tensor.Shape;
import java.util.ArrayList;
import java.util.List;

/** Collects recipes while a mapping is written down as a table. */
final class RecipeBook {

    private final List<Recipe> recipes = new ArrayList<>();

    List<Recipe> recipes() {
        return List.copyOf(recipes);
    }

    /** The same numbers, of the same sizes. */
    void whole(String target, String source, int... sizes) {
        seen(target, source, Shape.unnamed(sizes), sizes);
    }

    /** The same numbers under other sizes. */
    void seen(String target, String source, Shape wanted, int... sizes) {
        recipes.add(new Recipe(target, Shape.unnamed(sizes), source, wanted, Recipe.Part.WHOLE));
    }

    /** {@code target} (rows, columns) from {@code source} (columns, rows). */
    void transposed(String target, String source, int rows, int columns) {
        recipes.add(new Recipe(target, Shape.unnamed(rows, columns), source, Shape.unnamed(columns, rows), Recipe.Part.TRANSPOSED));
    }

    /** {@code .weight} (out, in) and {@code .bias} (out). */
    void linear(String target, String source, int out, int in) {
        whole(target + ".weight", source + ".weight", out, in);
        whole(target + ".bias", source + ".bias", out);
    }

    /** {@code .weight} and {@code .bias} of a layer norm. */
    void norm(String target, String source, int width) {
        whole(target + ".weight", source + ".weight", width);
        whole(target + ".bias", source + ".bias", width);
    }

    /** {@code q_proj}, {@code k_proj} and {@code v_proj} from one matrix and one vector that hold all three. */
    void fused(String target, String weight, String bias, int width) {
        part(target + ".q_proj", weight, bias, width, Recipe.Part.QUERIES);
        part(target + ".k_proj", weight, bias, width, Recipe.Part.KEYS);
        part(target + ".v_proj", weight, bias, width, Recipe.Part.VALUES);
    }

    private void part(String target, String weight, String bias, int width, Recipe.Part part) {
        recipes.add(new Recipe(target + ".weight", Shape.unnamed(width, width), weight, Shape.unnamed(3 * width, width), part));
        recipes.add(new Recipe(target + ".bias", Shape.unnamed(width), bias, Shape.unnamed(3 * width), part));
    }
}
