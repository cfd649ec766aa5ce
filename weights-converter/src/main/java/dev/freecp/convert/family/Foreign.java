package dev.freecp.convert.family;

import java.util.Optional;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/** Models that are mistaken for CLIP or DINO, told by a name that only they have. */
enum Foreign {
    SIGLIP("logit_bias|(vision_model\\.)?head\\.probe|vision_model\\.head\\..+|visual\\.trunk\\.attn_pool\\..+", "a SigLIP model"),
    COCA("text_decoder\\..+|visual\\.attn_pool\\..+", "a CoCa model"),
    OTHER_TEXT("text\\.transformer\\.(embeddings|encoder|shared)\\..+|text\\.proj\\.\\d+\\..+|roberta\\..+", "a CLIP model whose text tower is not CLIP's (BERT, RoBERTa or T5)"),
    RESNET("visual\\.(layer\\d+|attnpool|bn\\d+)\\..+", "a CLIP model with a ResNet image tower"),
    TRUNK("visual\\.(trunk|blocks|stages|stem|patch_embed)\\..+", "a CLIP model whose image tower is one of timm's or EVA's"),
    BLIP("(visual_encoder|text_encoder|qformer)\\..+", "a BLIP model"),
    HF_DINO("(encoder|layernorm|embeddings)\\.(layer\\.\\d+\\.attention\\.attention\\..+|cls_token|mask_token)", "a DINO model under the names of transformers"),
    MAE("decoder_blocks\\..+|decoder_embed\\..+", "a masked autoencoder"),
    ADAPTER(".*\\.lora_[AB]\\..*|.*\\.lora_(up|down)\\..*", "an adapter (LoRA), not a model"),
    LANGUAGE("lm_head\\..+|(model\\.)?embed_tokens\\..+|h\\.\\d+\\.attn\\.c_attn\\..+", "a language model");

    private final Predicate<String> mark;
    private final String title;

    Foreign(String mark, String title) {
        this.mark = Pattern.compile(mark).asMatchPredicate();
        this.title = title;
    }

    String title() {
        return title;
    }

    /** The model that has {@code name}, which stands without wrappers' prefixes. */
    static Optional<Foreign> of(String name) {
        for (Foreign model : values()) if (model.mark.test(name)) return Optional.of(model);
        return Optional.empty();
    }
}
