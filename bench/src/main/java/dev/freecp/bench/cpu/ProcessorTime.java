package dev.freecp.bench.cpu;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.management.ManagementFactory;
import java.util.Locale;
import java.util.function.LongSupplier;

/** Processor time of this process in nanoseconds, all threads together. The JDK's own counter moves in steps of 10 ms on Linux, so the kernel is asked there. */
final class ProcessorTime {

    /** CLOCK_PROCESS_CPUTIME_ID of Linux's clock_gettime. */
    private static final int PROCESS = 2;

    private final LongSupplier clock;

    ProcessorTime() {
        boolean linux = System.getProperty("os.name").toLowerCase(Locale.ROOT).contains("linux");
        clock = linux ? new Kernel() : ((com.sun.management.OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean())::getProcessCpuTime;
    }

    long nanoseconds() {
        return clock.getAsLong();
    }

    private static final class Kernel implements LongSupplier {
        private final MethodHandle getTime;
        private final MemorySegment time = Arena.ofAuto().allocate(ValueLayout.JAVA_LONG, 2);

        @SuppressWarnings("restricted")   // the launchers allow native access
        Kernel() {
            Linker linker = Linker.nativeLinker();
            getTime = linker.downcallHandle(linker.defaultLookup().find("clock_gettime").orElseThrow(),
                FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.ADDRESS));
        }

        @Override
        public long getAsLong() {
            try {
                if ((int) getTime.invokeExact(PROCESS, time) != 0) throw new IllegalStateException("clock_gettime failed");
            } catch (RuntimeException | Error e) {
                throw e;
            } catch (Throwable e) {
                throw new IllegalStateException("clock_gettime cannot be called", e);
            }
            return time.getAtIndex(ValueLayout.JAVA_LONG, 0) * 1_000_000_000L + time.getAtIndex(ValueLayout.JAVA_LONG, 1);
        }
    }
}
