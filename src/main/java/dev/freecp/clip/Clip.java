package dev.freecp.clip;

import dev.freecp.error.InputException;
import dev.freecp.ops.Ops;
import dev.freecp.tensor.Shape;
import dev.freecp.weights.Checkpoint;
import dev.freecp.weights.WeightBinding;
import java.nio.file.Path;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * A CLIP model on a backend. All names and shapes are checked at {@link #open}; the text tower's numbers are brought in when it is first asked for,
 * which a cached vocabulary never does.
 */
public final class Clip implements AutoCloseable {

    /**
     * Operations in a window from which on a backend is worth warming up: a twentieth of a second of one CPU thread. ViT-B/32, the smallest of the published
     * models, has 8.6e9.
     */
    private static final double LARGE = 5e9;

    private static final Pattern POSITION_IDS = Pattern.compile(".*\\.position_ids");

    private final Checkpoint checkpoint;
    private final ClipConfig config;
    private final Ops ops;
    private final WeightBinding binding;
    private final VisionTower vision;
    private final float logitScale;
    private TextTower text;

    private Clip(Checkpoint checkpoint, ClipConfig config, Ops ops, WeightBinding binding) {
        this.checkpoint = checkpoint;
        this.config = config;
        this.ops = ops;
        this.binding = binding;
        this.logitScale = (float) Math.exp(new Binder(binding, ops).values("logit_scale", 1)[0]);
        this.vision = new VisionTower(ops, config.vision(), VisionWeights.bind(new Binder(binding, ops), config.vision()), config.normalization());
    }

    /**
     * Opens a checkpoint folder and brings its vision tower to the backend.
     *
     * @param folder Hugging Face layout
     * @param ops    the backend; the caller closes it after this model
     * @throws InputException if the folder is incomplete or broken, or tensors are missing, misshapen, unused, or hold NaN
     */
    public static Clip open(Path folder, Ops ops) {
        Checkpoint checkpoint = Checkpoint.open(folder);
        try {
            ClipConfig config = ClipConfig.read(checkpoint);
            WeightBinding binding = new WeightBinding(checkpoint.weights());
            binding.skip(POSITION_IDS.asMatchPredicate());
            binding.want("logit_scale", Shape.of("width", 1));
            VisionWeights.bind(new Binder(binding, null), config.vision());
            TextWeights.bind(new Binder(binding, null), config.text());
            binding.finish();
            if (config.vision().operations() >= LARGE) ops.warmUp(config.vision().activation());
            return new Clip(checkpoint, config, ops, binding);
        } catch (RuntimeException e) {
            checkpoint.close();
            throw e;
        }
    }

    public ClipConfig config() {
        return config;
    }

    public VisionTower vision() {
        return vision;
    }

    /** The text tower, brought to the backend at the first call. */
    public synchronized TextTower text() {
        if (text == null) text = new TextTower(ops, config.text(), TextWeights.bind(new Binder(binding, ops), config.text()));
        return text;
    }

    /** exp of the checkpoint's logit_scale: the factor of every cosine (100 for OpenAI's weights). */
    public float logitScale() {
        return logitScale;
    }

    /**
     * The checkpoint's tokenizer.
     *
     * @throws InputException if its files are missing or broken, or hold a token that the text tower has no row for
     */
    public Tokenizer tokenizer(Cleaning cleaning) {
        Map<String, Integer> vocabulary = checkpoint.vocabulary();
        int rows = config.text().vocabulary();
        vocabulary.forEach((token, id) -> {
            if (id < rows) return;
            throw new InputException(folder() + ": token '" + token + "' has the id " + id + ", but the text tower knows ids below " + rows
                + " only; the tokenizer's files must come from the same model");
        });
        return new Tokenizer(vocabulary, checkpoint.merges(), config.text().context(), cleaning);
    }

    /** SHA-256 of the weights, in hex. */
    public String sha256() {
        return checkpoint.weights().sha256();
    }

    public Path folder() {
        return checkpoint.folder();
    }

    @Override
    public void close() {
        checkpoint.close();
    }
}
