package dev.freecp.weights;

import java.util.Collection;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/**
 * Kinds of models that are mistaken for a Hugging Face CLIP checkpoint, told by one tensor name that only they have. Ordered: the first
 * that fits counts, so models that cannot be converted stand before the styles whose names they share.
 */
enum NamingStyle {
    SIGLIP("logit_bias|vision_model\\.head\\..*", "is a SigLIP model, which FreeCP cannot run; wanted CLIP with a ViT image tower"),
    RESNET("(.*\\.)?visual\\.layer\\d+\\..*", "is a CLIP model with a ResNet image tower, which FreeCP cannot run; wanted a ViT image tower"),
    OPENAI("(.*\\.)?transformer\\.resblocks\\..*", "holds OpenAI-style names: convert it with `freecp weights convert`"),
    DINO_OR_TIMM("(.*\\.)?blocks\\.\\d+\\.attn\\.qkv\\.weight", "holds DINO or timm names, not those of a Hugging Face CLIP model: convert it with "
        + "`freecp weights convert` if it is a CLIP tower"),
    TOWER("embeddings\\.(class_embedding|token_embedding\\.weight)", "holds a single tower without its prefix, as transformers 5 saves it: "
        + "convert it with `freecp weights convert`"),
    WRAPPED(".+\\.(text_model|vision_model)\\..*", "holds names with a prefix of a training program: convert it with `freecp weights convert`");

    private final Predicate<String> sign;
    private final String verdict;

    NamingStyle(String sign, String verdict) {
        this.sign = Pattern.compile(sign).asMatchPredicate();
        this.verdict = verdict;
    }

    /** What to tell the owner of a file with these names, with the name that gave it away; empty for no style known here. */
    static Optional<String> verdict(Collection<String> names) {
        for (NamingStyle style : values()) {
            Optional<String> found = names.stream().filter(style.sign).findFirst();
            if (found.isPresent()) return Optional.of(style.verdict + " (found " + found.get() + ")");
        }
        return Optional.empty();
    }
}
