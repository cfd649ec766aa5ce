package dev.freecp.cuda;

import jcuda.driver.CUfunction;
import jcuda.driver.CUfunction_attribute;
import jcuda.driver.JCudaDriver;

/** One {@code __global__} function of a loaded module, for all the streams that launch it. Safe for many threads. */
final class KernelFunction {

    /** Dynamic shared memory that every kernel may have without asking. */
    private static final int SHARED_UNASKED = 48 << 10;

    private final String module;
    private final String name;
    private final CUfunction function;
    private int sharedAllowed = SHARED_UNASKED;

    KernelFunction(String module, String name, CUfunction function) {
        this.module = module;
        this.name = name;
        this.function = function;
    }

    String module() {
        return module;
    }

    String name() {
        return name;
    }

    CUfunction function() {
        return function;
    }

    /** Makes sure that a launch may have this much dynamic shared memory; what was asked for before stays allowed. */
    synchronized void allow(int sharedBytes) {
        if (sharedBytes <= sharedAllowed) return;
        JCudaDriver.cuFuncSetAttribute(function, CUfunction_attribute.CU_FUNC_ATTRIBUTE_MAX_DYNAMIC_SHARED_SIZE_BYTES, sharedBytes);
        sharedAllowed = sharedBytes;
    }
}
