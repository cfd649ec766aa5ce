package dev.freecp.segment;

import dev.freecp.clip.VisionTower;
import dev.freecp.ops.Ops;
import dev.freecp.ops.Workspace;
import dev.freecp.tensor.Shape;
import dev.freecp.tensor.Tensor;

/** An instance of the backend and the vision tower on it, for one thread at a time. The text matrices of the latest words stay in its memory. */
final class Lane implements AutoCloseable {

    private final Ops ops;
    private final VisionTower tower;
    private final float logitScale;
    private Text text;

    /**
     * Text matrices on the backend, (Q, E), background words first.
     *
     * @param queries U, for class maps
     * @param details V, for ambiguity purification
     */
    record Text(WordFeatures words, Workspace memory, Tensor queries, Tensor details) {
    }

    Lane(Ops ops, VisionTower tower, float logitScale) {
        this.ops = ops;
        this.tower = tower;
        this.logitScale = logitScale;
    }

    Ops ops() {
        return ops;
    }

    VisionTower tower() {
        return tower;
    }

    /** The factor of every cosine. */
    float logitScale() {
        return logitScale;
    }

    /** The matrices of these words, brought in if the last call was about others; valid until the next call. */
    Text text(WordFeatures words) {
        if (text != null && text.words == words) return text;
        forgetText();
        Workspace memory = ops.workspace();
        text = new Text(words, memory, matrix(memory, "queries", words.queries(), words), matrix(memory, "details", words.details(), words));
        return text;
    }

    private Tensor matrix(Workspace memory, String name, float[] values, WordFeatures words) {
        Tensor tensor = memory.tensor(name, Shape.of("query embedding", values.length / words.embedding(), words.embedding()));
        ops.upload(tensor, values);
        return tensor;
    }

    private void forgetText() {
        if (text != null) text.memory.close();
        text = null;
    }

    @Override
    public void close() {
        forgetText();
        ops.close();
    }
}
