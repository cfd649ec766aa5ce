package dev.freecp.cuda;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.freecp.cuda.Card.Library;
import dev.freecp.ops.Ops;
import dev.freecp.ops.Precision;
import dev.freecp.parity.SelfTest;
import dev.freecp.tensor.DType;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;

/** A kernel that has lost a barrier, a bounds check or a wait, and the part of the suite that should notice. */
enum SeededFault {

    GEMM_READS_TILES_THAT_ARE_NOT_THERE("gemm.f32", "__syncthreads();", "__syncthreads();\n        #pragma unroll", operation("linear", Precision.FP32)),
    GEMM_OVERWRITES_TILES_IN_USE("gemm.f32", "__syncthreads();", "__syncthreads();                      // the tiles", operation("linear", Precision.FP32)),
    GEMM_WRITES_BESIDE_ITS_MATRIX("gemm.f32", "if (y >= m || x >= n) continue;", _ -> new CudaLinearTest().linearAdd(Library.OWN, DType.F32)),
    TENSOR_CORES_MULTIPLY_COPIES_ON_THEIR_WAY("gemm_mma.f16", "copy_wait<STAGES - 2>();", operation("linear", Precision.FP16)),
    TENSOR_CORES_MULTIPLY_COPIES_OF_OTHERS_TOO_SOON("gemm_mma.f16", "__syncthreads();", "copy_wait<STAGES - 2>();\n            __syncthreads();", operation("linear", Precision.FP16)),
    ATTENTION_READS_COPIES_ON_THEIR_WAY("fused_attention.f16", "copy_wait<0>();", operation("attention", Precision.FP16)),
    ATTENTION_READS_COPIES_OF_OTHERS_TOO_SOON("fused_attention.f16", "__syncthreads();", "copy_wait<0>();\n        __syncthreads();", operation("attention", Precision.FP16)),
    SOFTMAX_OVERWRITES_SCORES_OF_ITS_WARP("attention.f16", "__syncwarp();", _ -> new CudaAttentionTest().largeScoresDoNotOverflow(Library.OWN, DType.F16)),
    SOFTMAX_ADDS_UP_HEADS_THAT_ARE_NOT_DONE("attention.f32", "__syncthreads();", "continue;\n        __syncthreads();", operation("attention", Precision.FP32)),
    BOXES_CLEAR_A_THRESHOLD_IN_USE("boxes", "__syncthreads();", "top = 0;\n    __syncthreads();", operation("boxes", Precision.FP32)),
    MASKS_ADD_UP_ROWS_THAT_ARE_NOT_DONE("boxes", "__syncthreads();", "__syncthreads();\n        float* to", operation("maskByBoxes", Precision.FP32)),
    NORMS_GO_ON_BEHIND_THE_LAST_ROW("rows", "if (row >= n) return;", _ -> new TowerKernelsTest().normalizeRows());

    /** Tests that there are anyway: throws what they do. The schedule is one of three orders of threads; kernels' own tests choose theirs. */
    interface Suite {
        void run(int schedule);
    }

    private final String module;
    private final String part;
    private final String place;
    private final Suite suite;

    SeededFault(String module, String part, Suite suite) {
        this(module, part, part, suite);
    }

    /**
     * @param part  of the source, which is taken out
     * @param place the part with so much of what is beside it that it stands in the source once
     */
    SeededFault(String module, String part, String place, Suite suite) {
        this.module = module;
        this.part = part;
        this.place = place;
        this.suite = suite;
    }

    private static Suite operation(String name, Precision precision) {
        return schedule -> {
            try (Ops ops = Gpu.open(precision, false, schedule)) {
                for (SelfTest.Result result : SelfTest.run(ops, precision, false)) if (result.operation().equals(name)) assertEquals("", result.fault());
            }
        };
    }

    Suite suite() {
        return suite;
    }

    /** The one module that has the fault. */
    String module() {
        return module;
    }

    /** Copies the module's source and what it includes, with the fault or as it is. */
    void copy(Path folder, boolean faulty) throws IOException {
        try (DirectoryStream<Path> headers = Files.newDirectoryStream(Emulator.KERNELS, "*.cuh")) {
            for (Path header : headers) Files.copy(header, folder.resolve(header.getFileName()));
        }
        String source = module.split("\\.")[0] + ".cu", text = Files.readString(Emulator.KERNELS.resolve(source));
        assertEquals(2, text.split(Pattern.quote(place), -1).length, () -> source + " should have this once: " + place);
        Files.writeString(folder.resolve(source), faulty ? text.replace(place, place.replace(part, "")) : text);
    }
}
