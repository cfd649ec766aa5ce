package dev.freecp.cuda;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.freecp.Required;
import dev.freecp.cuda.PtxAssembler.Usage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Every shipped PTX becomes machine code for each generation of cards, without a register in slow memory; what each kernel takes stands in
 * {@code docs/kernels/registers.md}, which {@code -Dfreecp.update=docs} writes again.
 */
class KernelAssemblyTest {

    /** Turing, Ampere (large and small), Ada, Hopper. */
    private static final List<Integer> ARCHITECTURES = List.of(75, 80, 86, 89, 90);

    private static final Path ROOT = Path.of(System.getProperty("freecp.root"));
    private static final Path TABLE = ROOT.resolve("docs/kernels/registers.md");
    private static final Pattern TARGET = Pattern.compile("^\\.target sm_(\\d+)", Pattern.MULTILINE);

    @TempDir
    private static Path unpacked;

    private static PtxAssembler assembler;

    @BeforeAll
    static void loadAssembler() {
        try {
            assembler = PtxAssembler.load(unpacked);
        } catch (LinkageError e) {
            Required.missing("ptx", "JCuda's PTX assembler cannot be loaded: " + e.getMessage().lines().findFirst().orElse(""));
        }
    }

    @Test
    void everyKernelFitsInRegistersOfEveryArchitecture() throws IOException {
        List<String> faults = new ArrayList<>();
        String table = table(faults);
        System.out.println(table);
        assertEquals(List.of(), faults);
        if (System.getProperty("freecp.update", "").equals("docs")) {
            Files.createDirectories(TABLE.getParent());
            Files.writeString(TABLE, table);
        }
        assertEquals(Files.exists(TABLE) ? Files.readString(TABLE) : "", table, TABLE.getFileName() + " is older than the kernels: write it again with -Dfreecp.update=docs -Dtest=KernelAssemblyTest");
    }

    @Test
    void refusesWhatIsNoPtxWithTheReason() {
        String ptx = ".version 7.8\n.target sm_75\n.address_size 64\n.visible .entry k()\n{\n\tnonsense;\n\tret;\n}\n";
        String message = assertThrows(IllegalStateException.class, () -> assembler.assemble(ptx, "sm_80")).getMessage();
        assertTrue(message.contains("line 6"), message);
    }

    @Test
    void noticesSharedMemoryAndWhatDoesNotFitInRegisters() {
        String ptx = """
            .version 7.8
            .target sm_75
            .address_size 64
            .visible .entry k(.param .u64 p)
            {
                .shared .align 4 .b8 tile[512];
                .local .align 4 .b8 slow[64];
                .reg .b64 %a; .reg .b64 %l; .reg .b64 %s; .reg .b32 %v;
                ld.param.u64 %a, [p];
                ld.global.b64 %s, [%a];
                mov.u64 %l, slow;
                add.u64 %l, %l, %s;
                ld.global.b32 %v, [%a];
                st.local.b32 [%l], %v;
                st.shared.b32 [tile], %v;
                ld.local.b32 %v, [%l+4];
                st.global.b32 [%a], %v;
                ld.volatile.shared.b32 %v, [tile+8];
                st.global.b32 [%a+8], %v;
                ret;
            }
            """;
        Usage usage = assembler.assemble(ptx, "sm_80").getFirst();
        assertEquals("k", usage.kernel());
        assertEquals(512, usage.shared());
        assertEquals(64, usage.local());
    }

    /** Assembles everything. */
    private static String table(List<String> faults) throws IOException {
        StringBuilder text = new StringBuilder("""
            # Registers and shared memory of every kernel

            Registers of a thread for each compute capability, and static shared memory of a block in bytes (the most of the five; what a launch asks for comes on top), as
            NVIDIA's assembler counts them. None keeps anything in local memory. Made by `KernelAssemblyTest` from `kernels/ptx`; a dash: the module is for newer cards.

            | module | kernel |\
            """);
        for (int architecture : ARCHITECTURES) text.append(" %d.%d |".formatted(architecture / 10, architecture % 10));
        text.append(" shared |\n|---|---|").append("--:|".repeat(ARCHITECTURES.size() + 1)).append('\n');
        for (Path file : modules()) {
            Map<String, Map<Integer, Usage>> kernels = new LinkedHashMap<>();
            String ptx = Files.readString(file);
            for (int architecture : ARCHITECTURES) {
                if (architecture < target(ptx)) continue;
                for (Usage usage : assemble(file, ptx, architecture, faults)) {
                    kernels.computeIfAbsent(usage.kernel(), _ -> new LinkedHashMap<>()).put(architecture, usage);
                    if (usage.local() > 0) faults.add("%s: %s has %d bytes of stack and spills on sm_%d".formatted(file.getFileName(), usage.kernel(), usage.local(), architecture));
                }
            }
            kernels.forEach((kernel, usages) -> text.append(row(file.getFileName().toString().replace(".ptx", ""), kernel, usages)));
        }
        return text.toString();
    }

    private static List<Usage> assemble(Path file, String ptx, int architecture, List<String> faults) {
        try {
            List<Usage> usages = assembler.assemble(ptx, "sm_" + architecture);
            if (usages.size() != ptx.split("\\.entry ", -1).length - 1) faults.add(file.getFileName() + ": the assembler tells of " + usages + " only");
            return usages;
        } catch (IllegalStateException refused) {
            faults.add(file.getFileName() + " for sm_" + architecture + ": " + refused.getMessage());
            return List.of();
        }
    }

    private static String row(String module, String kernel, Map<Integer, Usage> usages) {
        String registers = ARCHITECTURES.stream().map(a -> usages.containsKey(a) ? Integer.toString(usages.get(a).registers()) : "-").collect(Collectors.joining(" | "));
        OptionalInt shared = usages.values().stream().mapToInt(Usage::shared).max();
        return "| %s | %s | %s | %d |%n".formatted(module, kernel, registers, shared.orElse(0));
    }

    private static int target(String ptx) {
        Matcher target = TARGET.matcher(ptx);
        assertTrue(target.find(), "no .target");
        return Integer.parseInt(target.group(1));
    }

    private static List<Path> modules() throws IOException {
        try (Stream<Path> files = Files.list(ROOT.resolve("kernels/ptx"))) {
            List<Path> modules = files.filter(f -> f.toString().endsWith(".ptx")).sorted().toList();
            assertFalse(modules.isEmpty(), "no PTX");
            return modules;
        }
    }
}
