package dev.freecp.cli;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Optional;

/** Asks the operating system what Java has no call for: {@link java.io.Console#isTerminal} looks at standard input and output only. */
public final class Terminal {

    private static final int FILE_OF_STANDARD_ERROR = 2;

    private Terminal() {
    }

    /** Whether standard error is a terminal; false where that cannot be found out. The first call takes a tenth of a second to link the system's function. */
    public static boolean isStandardError() {
        return Answer.STANDARD_ERROR;
    }

    /** Asked once, and only if somebody wants to know. */
    private static final class Answer {
        private static final boolean STANDARD_ERROR = ask();
    }

    @SuppressWarnings("restricted")    // isatty takes a number and gives one; no memory is at stake
    private static boolean ask() {
        Linker linker = Linker.nativeLinker();
        Optional<MemorySegment> isatty = linker.defaultLookup().find("isatty");
        if (isatty.isEmpty()) return false;
        try {
            return (int) linker.downcallHandle(isatty.get(), FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT)).invokeExact(FILE_OF_STANDARD_ERROR) == 1;
        } catch (Throwable e) {
            throw new IllegalStateException("isatty cannot be called", e);
        }
    }
}
