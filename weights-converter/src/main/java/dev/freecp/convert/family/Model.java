package dev.freecp.convert.family;

import dev.freecp.convert.source.Refusal;
import dev.freecp.convert.source.TensorSource;
import dev.freecp.tensor.Tensor;
import dev.freecp.weights.Floats;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/**
 * A model found in a file, complete and of consistent shapes; its numbers have not been looked at.
 *
 * @param fullNames the model's names, without the wrappers' prefix, to those of the file
 * @param remarks   what was left aside or chosen, in words
 * @param text      null if the model has no such tower, as {@code vision}
 */
public record Model(Family family, String prefix, List<Recipe> recipes, Map<String, String> fullNames, VisionSizes vision, TextSizes text, int embedding, List<String> remarks) {

    /** What models carry beside their weights. */
    private static final Predicate<String> BUFFERS = Pattern.compile("(.*\\.)?(position_ids|attn_mask)|input_resolution|context_length|vocab_size").asMatchPredicate();
    private static final Predicate<String> DINO_HEADS = Pattern.compile("(.*\\.)?(head\\.(mlp|last_layer)|dino_head|ibot_head)\\..*").asMatchPredicate();
    private static final String TIMM_HEAD_BIAS = "head.bias";

    /**
     * Finds the model in a file and checks that it is all there.
     *
     * @param branch the wrapper to be taken where there are several models, or null
     * @throws Refusal if it is of no known family, lacks tensors (all are named), has some of other types or shapes, or some that nothing uses
     */
    public static Model find(TensorSource source, Path file, String branch) {
        FoundNames found = FoundNames.in(source.names(), file, branch);
        Map<String, String> fullNames = found.full();
        Mapping mapping = mapping(found.family(), new SourceSizes(source, fullNames, file));
        List<String> remarks = new ArrayList<>();
        if (!found.prefix().isEmpty()) remarks.add("found under " + found.prefix() + (found.branches().isEmpty() ? "" : ", chosen before " + Shown.of(found.branches())));
        if (found.outside() > 0) remarks.add(found.outside() + " tensors outside of it left aside");
        Model model = new Model(found.family(), found.prefix(), mapping.recipes(), fullNames, mapping.vision(), mapping.text(), mapping.embedding(), remarks);
        model.requireAll(file);
        model.requireTypesAndShapes(source, file);
        model.requireNothingElse(source, file, found.beside());
        return model;
    }

    private static Mapping mapping(Family family, SourceSizes sizes) {
        return switch (family) {
            case OPENAI -> OpenAiNames.map(sizes);
            case HUGGING_FACE, HUGGING_FACE_TEXT, HUGGING_FACE_VISION -> HuggingFaceNames.map(family, sizes);
            case TIMM -> TimmNames.map(sizes);
            case DINO, DINO_V2 -> DinoNames.map(sizes);
        };
    }

    /** The tensor of the source that a recipe uses. */
    public Tensor tensor(TensorSource source, Recipe recipe) {
        return source.tensor(fullNames.get(recipe.source()));
    }

    public Optional<VisionSizes> visionTower() {
        return Optional.ofNullable(vision);
    }

    public Optional<TextSizes> textTower() {
        return Optional.ofNullable(text);
    }

    private void requireAll(Path file) {
        Set<String> missing = new LinkedHashSet<>();
        for (Recipe recipe : recipes) if (!fullNames.containsKey(recipe.source())) missing.add(recipe.source());
        if (!missing.isEmpty()) throw new Refusal(Refusal.Kind.MISSING, file, "has " + family.title() + ", but lacks " + Shown.of(missing));
    }

    private void requireTypesAndShapes(TensorSource source, Path file) {
        Set<String> types = new LinkedHashSet<>(), shapes = new LinkedHashSet<>();
        for (Recipe recipe : recipes) {
            String name = fullNames.get(recipe.source());
            if (!source.type(name).isFloat()) types.add(recipe.source() + " (" + source.type(name) + ")");
            else if (!recipe.accepts(source.shape(name)))
                shapes.add(recipe.source() + " (wanted " + Arrays.toString(recipe.wanted().sizes()) + ", came " + Arrays.toString(source.shape(name).sizes()) + ")");
        }
        if (!types.isEmpty()) throw new Refusal(Refusal.Kind.UNSUPPORTED, file, "has weights that are no floating-point numbers: " + Shown.of(types));
        if (!shapes.isEmpty()) throw new Refusal(Refusal.Kind.MISSHAPEN, file, "has tensors of other shapes than a model of " + family.title() + ": " + Shown.of(shapes));
    }

    /** A tensor that nothing uses may be a part of the model that this tool does not know: what came out without it would be another model. */
    private void requireNothingElse(TensorSource source, Path file, List<String> beside) {
        Map<String, String> unused = new LinkedHashMap<>(fullNames);
        for (Recipe recipe : recipes) unused.remove(recipe.source());
        for (String name : beside) unused.put(name, name);
        int before = unused.size();
        unused.entrySet().removeIf(entry -> isNoWeight(source, entry.getKey(), entry.getValue()));
        if (before > unused.size()) remarks.add((before - unused.size()) + " tensors that are no weights dropped");
        if (!unused.isEmpty()) throw new Refusal(Refusal.Kind.UNSUPPORTED, file, "has " + family.title() + ", and tensors that nothing uses: " + Shown.of(unused.keySet()));
    }

    private boolean isNoWeight(TensorSource source, String name, String fullName) {
        if (source.shape(fullName).count() == 0 || BUFFERS.test(name)) return true;
        if (family.level() == Family.Level.DINO) return DINO_HEADS.test(name);
        return family == Family.TIMM && name.equals(TIMM_HEAD_BIAS) && source.type(fullName).isFloat() && isZero(source.tensor(fullName));
    }

    /** timm's head has a bias, which is zero where the head is CLIP's projection. */
    private static boolean isZero(Tensor tensor) {
        Tensor floats = Tensor.of(tensor.name(), tensor.shape(), new float[Math.toIntExact(tensor.shape().count())]);
        Floats.copy(tensor, floats);
        for (float value : floats.toFloats()) if (value != 0) return false;
        return true;
    }
}
