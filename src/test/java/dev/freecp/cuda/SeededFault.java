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

    GEMM_READS_TILES_THAT_ARE_NOT_THERE("gemm.f32", "gemm.cu", "__syncthreads();", "__syncthreads();\n        #pragma unroll", operation("linear", Precision.FP32)),
    GEMM_OVERWRITES_TILES_IN_USE("gemm.f32", "gemm.cu", "__syncthreads();", "__syncthreads();                      // the tiles", operation("linear", Precision.FP32)),
    GEMM_WRITES_BESIDE_ITS_MATRIX("gemm.f32", "gemm.cu", "if (y >= m || x >= n) continue;", _ -> new CudaLinearTest().linearAdd(Library.OWN, DType.F32)),
    TENSOR_CORES_MULTIPLY_COPIES_ON_THEIR_WAY("gemm_mma.f16", "gemm_mma.cu", "copy_wait<STAGES - 2>();", operation("linear", Precision.FP16)),
    TENSOR_CORES_MULTIPLY_COPIES_OF_OTHERS_TOO_SOON("gemm_mma.f16", "gemm_mma.cu", "__syncthreads();", "copy_wait<STAGES - 2>();\n            __syncthreads();",
        operation("linear", Precision.FP16)),
    TENSOR_CORES_LAY_SUMS_OVER_STAGES_IN_USE("gemm_mma.f16", "gemm_mma.cu", "__syncthreads();", "__syncthreads();                              // the stages",
        operation("linear", Precision.FP16)),
    ATTENTION_READS_COPIES_ON_THEIR_WAY("fused_attention.f16", "softmax_tiles.cuh", "copy_wait<0>();", operation("attention", Precision.FP16)),
    ATTENTION_READS_COPIES_OF_OTHERS_TOO_SOON("fused_attention.f16", "softmax_tiles.cuh", "__syncthreads();", operation("attention", Precision.FP16)),
    ATTENTION_STORES_ROWS_THAT_ARE_NOT_THERE("fused_attention.f16", "softmax_tiles.cuh", "__syncwarp();", operation("attention", Precision.FP16)),
    MAP_READS_COPIES_ON_THEIR_WAY("fused_attention.f16", "fused_attention.cu", "copy_wait<0>();", operation("attention", Precision.FP16)),
    MAP_READS_COPIES_OF_OTHERS_TOO_SOON("fused_attention.f16", "fused_attention.cu", "__syncthreads();", "copy_wait<0>();\n        __syncthreads();",
        operation("attention", Precision.FP16)),
    SOFTMAX_OVERWRITES_SCORES_OF_ITS_WARP("attention.f16", "attention.cu", "__syncwarp();", _ -> new CudaAttentionTest().largeScoresDoNotOverflow(Library.OWN, DType.F16)),
    SOFTMAX_ADDS_UP_HEADS_THAT_ARE_NOT_DONE("attention.f32", "attention.cu", "__syncthreads();", "continue;\n        __syncthreads();",
        operation("attention", Precision.FP32)),
    BOXES_CLEAR_A_THRESHOLD_IN_USE("boxes", "boxes.cu", "__syncthreads();", "top = 0;\n    __syncthreads();", operation("boxes", Precision.FP32)),
    MASKS_ADD_UP_ROWS_THAT_ARE_NOT_DONE("boxes", "boxes.cu", "__syncthreads();", "__syncthreads();\n        float* to", operation("maskByBoxes", Precision.FP32)),
    NORMS_GO_ON_BEHIND_THE_LAST_ROW("rows", "rows.cu", "if (row >= n) return;", _ -> new TowerKernelsTest().normalizeRows());

    /** Tests that there are anyway: throws what they do. The schedule is one of three orders of threads; kernels' own tests choose theirs. */
    interface Suite {
        void run(int schedule);
    }

    private final String module;
    private final String file;
    private final String part;
    private final String place;
    private final Suite suite;

    SeededFault(String module, String file, String part, Suite suite) {
        this(module, file, part, part, suite);
    }

    /**
     * @param module the one that is built with the fault, though the others may share its source
     * @param file   the source or a header of it
     * @param part   of the file, which is taken out
     * @param place  the part with so much of what is beside it that it stands in the file once
     */
    SeededFault(String module, String file, String part, String place, Suite suite) {
        this.module = module;
        this.file = file;
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

    String module() {
        return module;
    }

    /** Copies the module's source and all headers, with the fault or as they are. */
    void copy(Path folder, boolean faulty) throws IOException {
        String source = module.split("\\.")[0] + ".cu";
        try (DirectoryStream<Path> files = Files.newDirectoryStream(Emulator.KERNELS, "{" + source + ",*.cuh}")) {
            for (Path original : files) Files.copy(original, folder.resolve(original.getFileName()));
        }
        String text = Files.readString(folder.resolve(file));
        assertEquals(2, text.split(Pattern.quote(place), -1).length, () -> file + " should have this once: " + place);
        if (faulty) Files.writeString(folder.resolve(file), text.replace(place, place.replace(part, "")));
    }
}
