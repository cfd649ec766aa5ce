package dev.freecp.bench.gpu;

import dev.freecp.bench.report.Measurement;
import dev.freecp.cuda.CudaOps;
import dev.freecp.cuda.Ways;
import dev.freecp.error.DeviceException;
import dev.freecp.ops.Heads;
import dev.freecp.ops.Precision;
import dev.freecp.ops.Scores;
import dev.freecp.ops.Workspace;
import dev.freecp.tensor.DType;
import dev.freecp.tensor.Shape;
import dev.freecp.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;

/** The attentions of the towers and read-outs, heads of 64, by every implementation there is. Operations are the fewest that the result takes. */
final class Attentions implements Group {

    private static final int HEADS = 12, HEAD = 64;

    private static final Precision PRECISION = Precision.FP16;

    /** Tokens of a sequence, with so many sequences that the card is full. */
    private record Size(int tokens, int sequences) {
    }

    private static final List<Size> SIZES = List.of(new Size(577, 24), new Size(197, 64), new Size(50, 192)), TINY_SIZES = List.of(new Size(17, 2));

    /** What is computed, with the products of N x N x C that it takes at least. */
    private enum Form {
        PLAIN("plain", 2), MEAN("plain, head mean", 2), QQ("qq", 2), QQ_KK("qq+kk", 3), GEM("GEM", 10);

        private final String label;
        private final int products;

        Form(String label, int products) {
            this.label = label;
            this.products = products;
        }
    }

    @Override
    public String name() {
        return "attention";
    }

    @Override
    public void run(Session session) {
        for (Ways.Attention way : List.of(Ways.Attention.values()).reversed()) {
            if (way == Ways.Attention.CHOSEN) continue;
            try (CudaOps ops = session.open(PRECISION, Ways.CHOSEN.with(way))) {
                for (Size size : session.tiny() ? TINY_SIZES : SIZES) measure(session, ops, way, size);
            } catch (DeviceException e) {
                session.leaveOut("attention by " + way.label(), e);
            }
        }
    }

    private void measure(Session session, CudaOps ops, Ways.Attention way, Size size) {
        int heads = session.tiny() ? 2 : HEADS, rows = size.tokens * size.sequences, width = heads * HEAD;
        try (Workspace workspace = ops.workspace()) {
            List<Tensor> qkv = new ArrayList<>();
            for (int i = 0; i < 2; i++) qkv.add(session.random().fill(ops, workspace.activation("qkv", Shape.of("token part", rows, 3 * width))));
            Tensor context = workspace.activation("context", Shape.of("token width", rows, width));
            Tensor tau = workspace.tensor("tau", Shape.of("window", size.sequences), DType.F32);
            Tensor map = workspace.tensor("map", Shape.of("window token token", size.sequences, size.tokens, size.tokens), DType.F32);
            ops.fill(map, 0);
            ops.fill(tau, 10);
            for (Form form : Form.values()) {
                String name = form.label + " N=" + size.tokens;
                if (session.outOfTime("attention " + name + " by " + way.label())) continue;
                Measurement time = session.meter(ops).kernels(qkv.size(), i -> attend(ops, form, context, qkv.get(i), size.sequences, heads, map, tau));
                session.arithmetic(name(), name, way.label(), PRECISION, time, 2.0 * form.products * size.tokens * size.tokens * width * size.sequences);
            }
        }
    }

    private static void attend(CudaOps ops, Form form, Tensor context, Tensor qkv, int sequences, int heads, Tensor map, Tensor tau) {
        switch (form) {
            case PLAIN -> ops.attention(context, qkv, sequences, heads, Scores.QK);
            case MEAN -> ops.attention(context, qkv, sequences, heads, Scores.QK, map, Heads.MEAN, 1f / heads);
            case QQ -> ops.attention(context, qkv, sequences, heads, Scores.QQ);
            case QQ_KK -> ops.attention(context, qkv, sequences, heads, Scores.QQ_PLUS_KK);
            case GEM -> ops.selfSelfAttention(context, qkv, sequences, heads, tau);
        }
    }
}
