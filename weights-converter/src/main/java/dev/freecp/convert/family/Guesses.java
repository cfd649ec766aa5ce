package dev.freecp.convert.family;

import dev.freecp.convert.source.TensorSource;
import dev.freecp.tensor.DType;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** What is known of a family whatever the file, and what is likely where nobody says. */
final class Guesses {

    private static final double[] OPENAI_MEAN = {0.48145466, 0.4578275, 0.40821073};
    private static final double[] OPENAI_STD = {0.26862954, 0.26130258, 0.27577711};
    private static final double[] IMAGENET_MEAN = {0.485, 0.456, 0.406};
    private static final double[] IMAGENET_STD = {0.229, 0.224, 0.225};
    private static final double CLIP_EPS = 1e-5;
    private static final double DINO_EPS = 1e-6;

    private static final int HEAD_WIDTH = 64;
    /** open_clip's ViT-H/14, g/14 and bigG/14 have heads of 80, 88 and 104. */
    private static final Map<Integer, Integer> WIDE_HEADS = Map.of(1280, 16, 1408, 16, 1664, 16);

    /** Words in file names that tell by whom, and so with which activation, a model was trained. */
    private static final List<String> QUICK_GELU_NAMES = List.of("quickgelu", "quick_gelu", "openai", "metaclip", "dfn");
    private static final List<String> GELU_NAMES = List.of("laion", "datacomp", "commonpool");

    private Guesses() {
    }

    /** @param fileName the file's and its folder's name */
    static Facts of(Model model, TensorSource source, String fileName) {
        return family(model, source).or(likely(model, source, fileName));
    }

    private static Facts family(Model model, TensorSource source) {
        if (model.family().level() == Family.Level.DINO) {
            String family = model.family().title();
            return new Facts(null, null, Fact.known("gelu", family), null, Fact.known(DINO_EPS, family), null, Fact.known(IMAGENET_MEAN, family), Fact.known(IMAGENET_STD, family), null);
        }
        if (model.family() == Family.OPENAI && source.container().startsWith("TorchScript")) return openAi(null, null, null);
        Fact<Double> eps = Fact.known(CLIP_EPS, "all of CLIP");
        return new Facts(null, null, null, null, eps, eps, null, null, null);
    }

    static Facts openAi(Fact<Integer> heads, Fact<Integer> textHeads, Fact<Integer> imageSize) {
        String openAi = "OpenAI's archives";
        Fact<String> activation = Fact.known("quick_gelu", openAi);
        Fact<Double> eps = Fact.known(CLIP_EPS, openAi);
        return new Facts(heads, textHeads, activation, activation, eps, eps, Fact.known(OPENAI_MEAN, openAi), Fact.known(OPENAI_STD, openAi), imageSize);
    }

    private static Facts likely(Model model, TensorSource source, String fileName) {
        Fact<Integer> heads = model.vision() == null ? null : heads(model.vision().width(), WIDE_HEADS);
        Fact<Integer> textHeads = model.text() == null ? null : heads(model.text().width(), Map.of());
        Fact<String> activation = activation(model, source, fileName.toLowerCase(Locale.ROOT));
        return new Facts(heads, textHeads, activation, activation, null, null, Fact.guess(OPENAI_MEAN, "OpenAI's, which nearly all CLIP models use"),
            Fact.guess(OPENAI_STD, "OpenAI's, which nearly all CLIP models use"),
            model.vision() == null ? null : Fact.guess(model.vision().imageSize(), "what fills the position table"));
    }

    private static Fact<Integer> heads(int width, Map<Integer, Integer> exceptions) {
        if (exceptions.containsKey(width)) return Fact.guess(exceptions.get(width), "as published models of width " + width + " have");
        if (width % HEAD_WIDTH == 0) return Fact.guess(width / HEAD_WIDTH, "width " + width + " / " + HEAD_WIDTH);
        return Fact.guess(1, "width " + width + " is no multiple of " + HEAD_WIDTH + ", and nothing says how many there are: say so with --heads and --text-heads");
    }

    private static Fact<String> activation(Model model, TensorSource source, String fileName) {
        Optional<String> quick = QUICK_GELU_NAMES.stream().filter(fileName::contains).findFirst(), exact = GELU_NAMES.stream().filter(fileName::contains).findFirst();
        if (quick.isPresent()) return Fact.guess("quick_gelu", "the file's name has " + quick.get());
        if (exact.isPresent()) return Fact.guess("gelu", "the file's name has " + exact.get());
        if (model.family() != Family.OPENAI) return Fact.guess("quick_gelu", "transformers' default");
        if (isOpenAiStorage(model, source)) return Fact.guess("quick_gelu", "stored as OpenAI does, matrices as float16 and the rest as float32");
        return Fact.guess("gelu", "open_clip's default; models trained by OpenAI, MetaCLIP and DFN need --activation quick_gelu");
    }

    private static boolean isOpenAiStorage(Model model, TensorSource source) {
        return source.type(model.fullNames().get("visual.conv1.weight")) == DType.F16 && source.type(model.fullNames().get("visual.ln_pre.weight")) == DType.F32;
    }
}
