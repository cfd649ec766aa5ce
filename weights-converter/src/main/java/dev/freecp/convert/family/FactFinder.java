package dev.freecp.convert.family;

import dev.freecp.convert.source.TensorSource;
import dev.freecp.error.UsageException;
import java.nio.file.Path;

/** Asks in order who knows what of a model: the caller, the configuration beside it, its family, and then what is likely. */
public final class FactFinder {

    private FactFinder() {
    }

    /**
     * What the caller says; null where nothing.
     *
     * @param activation {@code quick_gelu} or {@code gelu}
     */
    public record Said(Integer heads, Integer textHeads, String activation) {
    }

    /**
     * All facts of a model; those of a tower that it has not are null.
     *
     * @param folder   where configurations lie
     * @param fileName of the weights, which may tell who trained the model
     * @throws UsageException if the caller's heads do not divide the width
     */
    public static Facts find(Model model, TensorSource source, Path folder, String fileName, Said said) {
        Fact<String> activation = said.activation == null ? null : Fact.known(said.activation, "--activation");
        Facts caller = new Facts(model.vision() == null ? null : heads("--heads", said.heads, model.vision().width()),
            model.text() == null ? null : heads("--text-heads", said.textHeads, model.text().width()), activation, activation, null, null, null, null, null);
        return caller.or(config(model, folder)).or(Guesses.of(model, source, fileName));
    }

    private static Facts config(Model model, Path folder) {
        return switch (model.family()) {
            case OPENAI -> OpenClipConfig.read(folder, model);
            case HUGGING_FACE, HUGGING_FACE_TEXT, HUGGING_FACE_VISION -> HuggingFaceConfig.read(folder, model);
            case TIMM -> TimmConfig.read(folder, model);
            case DINO, DINO_V2 -> Facts.NONE;
        };
    }

    private static Fact<Integer> heads(String option, Integer heads, int width) {
        if (heads == null) return null;
        if (heads < 1 || width % heads != 0) throw new UsageException(option + " " + heads + ": must divide the width " + width);
        return Fact.known(heads, option);
    }
}
