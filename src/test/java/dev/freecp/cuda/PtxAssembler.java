package dev.freecp.cuda;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import jcuda.nvptxcompiler.JNvPTXCompiler;
import jcuda.nvptxcompiler.nvPTXCompileResult;
import jcuda.nvptxcompiler.nvPTXCompilerHandle;

/** NVIDIA's assembler from PTX to machine code, as JCuda brings it along: no card, driver or toolkit is needed. */
final class PtxAssembler {

    /**
     * What a kernel takes of a card.
     *
     * @param registers of a thread
     * @param shared    bytes of static shared memory of a block
     * @param local     bytes of a thread's stack and spilled registers, which lie in slow memory
     */
    record Usage(String kernel, int registers, int shared, int local) {
    }

    /** The assembler's own account, for each kernel: its name, then its stack and spills, then the rest. */
    private static final Pattern ACCOUNT = Pattern.compile("Compiling entry function '(\\w+)'.*?"
        + "(\\d+) bytes stack frame, (\\d+) bytes spill stores, (\\d+) bytes spill loads.*?Used (\\d+) registers([^\\n]*)", Pattern.DOTALL);
    private static final Pattern SHARED = Pattern.compile("(\\d+) bytes smem");

    private PtxAssembler() {
    }

    /**
     * Loads the assembler.
     *
     * @param unpacked an empty folder of one's own: JCuda takes what lies in the temporary folder under its fixed names unseen
     * @throws LinkageError if this platform has none
     */
    static PtxAssembler load(Path unpacked) {
        String before = System.getProperty("java.io.tmpdir");
        System.setProperty("java.io.tmpdir", unpacked.toString());
        try {
            JNvPTXCompiler.setExceptionsEnabled(true);
        } finally {
            System.setProperty("java.io.tmpdir", before);
        }
        return new PtxAssembler();
    }

    /**
     * Assembles a module.
     *
     * @param architecture {@code sm_80}
     * @return its kernels, in the module's order
     * @throws IllegalStateException with the assembler's messages, if it refuses
     */
    List<Usage> assemble(String ptx, String architecture) {
        byte[] text = (ptx + "\0").getBytes(StandardCharsets.UTF_8);
        nvPTXCompilerHandle compiler = new nvPTXCompilerHandle();
        JNvPTXCompiler.setExceptionsEnabled(false);                                  // a refusal's reason stands in the log
        check("nvPTXCompilerCreate", JNvPTXCompiler.nvPTXCompilerCreate(compiler, text.length, text));
        try {
            int result = JNvPTXCompiler.nvPTXCompilerCompile(compiler, 2, new String[] {"--gpu-name=" + architecture, "--verbose"});
            if (result != nvPTXCompileResult.NVPTXCOMPILE_SUCCESS) throw new IllegalStateException(errors(compiler));
            return usages(messages(compiler));
        } finally {
            JNvPTXCompiler.nvPTXCompilerDestroy(compiler);
        }
    }

    /** Reads the assembler's account of a module. */
    static List<Usage> usages(String account) {
        List<Usage> usages = new ArrayList<>();
        for (Matcher kernel = ACCOUNT.matcher(account); kernel.find(); ) {
            Matcher shared = SHARED.matcher(kernel.group(6));
            int local = Integer.parseInt(kernel.group(2)) + Integer.parseInt(kernel.group(3)) + Integer.parseInt(kernel.group(4));
            usages.add(new Usage(kernel.group(1), Integer.parseInt(kernel.group(5)), shared.find() ? Integer.parseInt(shared.group(1)) : 0, local));
        }
        return usages;
    }

    private static String messages(nvPTXCompilerHandle compiler) {
        long[] size = new long[1];
        check("nvPTXCompilerGetInfoLogSize", JNvPTXCompiler.nvPTXCompilerGetInfoLogSize(compiler, size));
        byte[] log = new byte[Math.toIntExact(size[0]) + 1];
        check("nvPTXCompilerGetInfoLog", JNvPTXCompiler.nvPTXCompilerGetInfoLog(compiler, log));
        return text(log);
    }

    private static String errors(nvPTXCompilerHandle compiler) {
        long[] size = new long[1];
        check("nvPTXCompilerGetErrorLogSize", JNvPTXCompiler.nvPTXCompilerGetErrorLogSize(compiler, size));
        byte[] log = new byte[Math.toIntExact(size[0]) + 1];
        check("nvPTXCompilerGetErrorLog", JNvPTXCompiler.nvPTXCompilerGetErrorLog(compiler, log));
        return text(log);
    }

    private static String text(byte[] log) {
        return new String(log, StandardCharsets.UTF_8).replace("\0", "");
    }

    private static void check(String function, int result) {
        if (result != nvPTXCompileResult.NVPTXCOMPILE_SUCCESS) throw new IllegalStateException(function + ": " + nvPTXCompileResult.stringFor(result));
    }
}
