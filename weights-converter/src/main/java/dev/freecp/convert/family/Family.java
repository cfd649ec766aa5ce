package dev.freecp.convert.family;

import java.util.function.Predicate;
import java.util.regex.Pattern;

/**
 * Ways of naming a model's tensors that this tool reads. The marks are names that no other of these has, and that no such file can be without all at
 * once.
 */
public enum Family {
    OPENAI("OpenAI's names", Level.CLIP, "visual\\.(class_embedding|positional_embedding|proj|conv1\\.weight|ln_(pre|post)\\.\\w+|transformer\\.resblocks\\.\\d+\\..+)"),
    HUGGING_FACE("names of transformers", Level.CLIP,
        "(text_model|vision_model)\\.(embeddings|encoder\\.layers|pre_layrnorm|post_layernorm|final_layer_norm)\\..+"),
    HUGGING_FACE_TEXT("names of a text tower alone as transformers 5 has it", Level.CLIP, "embeddings\\.token_embedding\\.weight|final_layer_norm\\.(weight|bias)"),
    HUGGING_FACE_VISION("names of a vision tower alone as transformers 5 has it", Level.CLIP,
        "embeddings\\.(class_embedding|patch_embedding\\.weight)|(pre_layrnorm|post_layernorm)\\.(weight|bias)"),
    TIMM("timm's names of a CLIP vision tower", Level.CLIP, "norm_pre\\.(weight|bias)"),
    DINO("DINO's names", Level.DINO, "blocks\\.\\d+\\.attn\\.qkv\\.(weight|bias)|patch_embed\\.proj\\.(weight|bias)"),
    DINO_V2("DINOv2's names", Level.DINO, "blocks\\.\\d+\\.ls[12]\\.gamma|register_tokens|mask_token");

    /** Under which names the result stands. */
    public enum Level {
        /** Those of {@code transformers.CLIPModel}. */
        CLIP,
        /** Those of the published state dict. */
        DINO
    }

    private final String title;
    private final Level level;
    private final Predicate<String> mark;

    Family(String title, Level level, String mark) {
        this.title = title;
        this.level = level;
        this.mark = Pattern.compile(mark).asMatchPredicate();
    }

    /** For people: {@code OpenAI's names}. */
    public String title() {
        return title;
    }

    public Level level() {
        return level;
    }

    /** Whether a name, without wrappers' prefixes, tells this family. */
    boolean isMark(String name) {
        return mark.test(name);
    }

    /** Whether the names of {@code other} are also this one's: the timm and DINO families share their blocks, and the special one counts. */
    boolean isSpecialFormOf(Family other) {
        return other == DINO && (this == TIMM || this == DINO_V2);
    }
}
