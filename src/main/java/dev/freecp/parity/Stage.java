package dev.freecp.parity;

import java.util.Arrays;
import java.util.Map;
import java.util.stream.Collectors;

/** The stages that goldens hold, in the order of the algorithm, each with its row of {@link Limits}. */
public enum Stage {
    TOKEN_IDS("tokens", Limits.EQUAL),
    QUERY_IDX("query_idx", Limits.EQUAL),
    QUERY_FEATURES("query_features", Limits.FEATURES),
    QUERY_FEATURES_LLM("query_features_llm", Limits.FEATURES),

    KEEP_RATIO("keep_ratio", Limits.EQUAL),
    RESIZED("resized", Limits.EQUAL),
    PIXELS("pixels", Limits.PIXELS),
    WINDOWS("windows", Limits.EQUAL),
    BILINEAR("bilinear", Limits.PIXELS),
    POSITION("pos_embed", Limits.PIXELS),

    EMBED("embed", Limits.TOKENS),
    BLOCK("block", Limits.TOKENS),
    ATTENTION("attn", Limits.ATTENTION),
    LAST_MOD("last_mod", Limits.TOKENS),
    LAST_ORI("last_ori", Limits.TOKENS),
    AFFINITY("affinity", Limits.ATTENTION),
    PATCH_FEATURE("patch_feature", Limits.FEATURES),
    CLASS_FEATURE("cls_feature", Limits.FEATURES),

    PIXEL_LOGITS("pixel_logits", Limits.LOGITS),
    CLASS_LOGITS("class_logits", Limits.LOGITS),
    SOFTMAX("softmax", Limits.PROBABILITIES),
    CAM("cam", Limits.PROBABILITIES),
    TRANS("trans", Limits.TRANSITION),
    TRANS_SQ("trans_sq", Limits.TRANSITION),
    BOXES("boxes", Limits.EQUAL),
    MASK_BOXES("mask_boxes", Limits.EQUAL, "box", CAM),
    MASKS("masks", Limits.EQUAL, "box", CAM),
    REFINED_RAW("refined_raw", Limits.REFINED_RAW),
    REFINED("refined", Limits.REFINED),
    RP_SCORE("rp_score", Limits.REDUNDANCY),
    RP_KEPT("rp_kept", Limits.EQUAL, "rp", RP_SCORE),

    AP_IOU("ap_iou", Limits.OVERLAP),
    GROUPS("groups", Limits.EQUAL, "ap", AP_IOU),
    FUSED("fused", Limits.REFINED),
    AP_BOXES("ap_boxes", Limits.EQUAL, "fused_box", FUSED),
    CROP_PIXELS("crop.pixels", Limits.PIXELS),
    CROP_FEATURE("crop.cls_feature", Limits.FEATURES),
    CROP_SCORES("scores", Limits.LOGITS),
    WINNER("winner", Limits.EQUAL, "crop", CROP_SCORES),
    KEPT("kept", Limits.EQUAL),

    WINDOW_LOGITS("window_logits", Limits.FINAL_MAPS),
    SLIDE("slide", Limits.PIXELS),
    FINAL_LOGITS("final_logits", Limits.FINAL_MAPS),
    LABEL("label", Limits.LABELS),
    POST("post", Limits.EQUAL),
    METRIC("metric", Limits.PERCENT),

    /** A golden, or the rest of it, that could not be read. */
    READABLE("readable", Limits.EQUAL);

    private static final Map<String, Stage> BY_LABEL =
        Arrays.stream(values()).collect(Collectors.toUnmodifiableMap(Stage::label, stage -> stage));

    private final String label;
    private final Limits limits;
    private final String margin;
    private final Stage decidedFrom;

    Stage(String label, Limits limits) {
        this(label, limits, null, null);
    }

    Stage(String label, Limits limits, String margin, Stage decidedFrom) {
        this.label = label;
        this.limits = limits;
        this.margin = margin;
        this.decidedFrom = decidedFrom;
    }

    /** The stage of a tensor called {@code name} without its window: {@code BLOCK} for {@code block03}; null if no stage is called so. */
    static Stage ofTensor(String name) {
        return BY_LABEL.get(name.replaceAll("\\d", ""));
    }

    /** Its name in the goldens, without numbers. */
    public String label() {
        return label;
    }

    public Limits limits() {
        return limits;
    }

    /** For a decision: the key of its distance from flipping among a golden's margins; otherwise null. */
    String margin() {
        return margin;
    }

    /** For a decision: the stage whose numbers it is taken from; otherwise null. */
    Stage decidedFrom() {
        return decidedFrom;
    }

    /** True where a single word leaves 0/0 in the released program's numbers (specification, section 10). */
    boolean undefinedForSingleWord() {
        return switch (this) {
            case CAM, REFINED_RAW, REFINED, RP_SCORE, WINDOW_LOGITS, FINAL_LOGITS -> true;
            default -> false;
        };
    }
}
