package dev.freecp.cuda;

import java.util.Arrays;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** The kernels in kernels/emulator/test, by what their PTX would declare: no compiler is needed to test the emulator. */
enum Probe {
    EXCHANGE("faults", "exchange", "u64", "u32"),
    SUM_TWICE("faults", "sum_twice", "u64", "u32"),
    READS_UNWRITTEN_SHARED("faults", "reads_unwritten_shared", "u64"),
    COPIES_ASYNC("faults", "copies_async", "u64", "u64", "u32"),
    DIVERGES("faults", "diverges", "u64"),
    HALF_WAITS_ELSEWHERE("faults", "half_waits_elsewhere", "u64"),
    MIXES_OPERATIONS("faults", "mixes_operations", "u64"),
    READS_LANES_THAT_LEFT("faults", "reads_lanes_that_left", "u64"),
    WRITES("faults", "writes", "u64", "u32"),
    WRITES_SHARED("faults", "writes_shared", "u64", "u32"),
    AXPY("probes", "axpy", "u64", "u64", "f32", "u32"),
    TAKE_TICKET("probes", "take_ticket", "u64", "u64"),
    NOTE_POSITION("probes", "note_position", "u64"),
    SHUFFLES("probes", "shuffles", "u64"),
    HALF_TO_FLOAT("probes", "half_to_float", "u64", "u64", "u32"),
    FLOAT_TO_HALF("probes", "float_to_half", "u64", "u64", "u32"),
    BFLOAT16_TO_FLOAT("probes", "bfloat16_to_float", "u64", "u64", "u32"),
    FLOAT_TO_BFLOAT16("probes", "float_to_bfloat16", "u64", "u64", "u32"),
    MULTIPLY_TILE_F16("probes", "multiply_tile_f16", "u64", "u64", "u64"),
    MULTIPLY_TILE_BF16("probes", "multiply_tile_bf16", "u64", "u64", "u64");

    final String module;
    final String kernel;
    private final String[] parameters;

    Probe(String module, String kernel, String... parameters) {
        this.module = module;
        this.kernel = kernel;
        this.parameters = parameters;
    }

    /** The declarations of a module, as nvcc writes them, without code. */
    static String ptx(String module) {
        return "// freecp " + module + "\n.version 7.8\n.target sm_75\n.address_size 64\n"
            + Arrays.stream(values()).filter(p -> p.module.equals(module)).map(Probe::entry).collect(Collectors.joining());
    }

    private String entry() {
        String declared = IntStream.range(0, parameters.length).mapToObj(i -> "\t.param ." + parameters[i] + " " + kernel + "_param_" + i).collect(Collectors.joining(",\n"));
        String limit = this == NOTE_POSITION ? ".maxntid 96\n" : "";
        return ".visible .entry " + kernel + "(\n" + declared + "\n)\n" + limit + "{\n}\n";
    }
}
