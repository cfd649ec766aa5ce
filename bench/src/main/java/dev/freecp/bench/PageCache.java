package dev.freecp.bench;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** Linux's memory of files. */
final class PageCache {

    private static final int READ_ONLY = 0, DONT_NEED = 4;
    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT;
    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG;

    private final MethodHandle open = function("open", FunctionDescriptor.of(INT, ValueLayout.ADDRESS, INT), Linker.Option.firstVariadicArg(2));
    private final MethodHandle advise = function("posix_fadvise", FunctionDescriptor.of(INT, INT, LONG, LONG, INT));
    private final MethodHandle close = function("close", FunctionDescriptor.of(INT, INT));

    @SuppressWarnings("restricted")   // the functions' types are those of their manual pages
    private static MethodHandle function(String name, FunctionDescriptor type, Linker.Option... options) {
        Linker linker = Linker.nativeLinker();
        return linker.downcallHandle(linker.defaultLookup().find(name).orElseThrow(() -> new IllegalStateException("no " + name + " on this system")), type, options);
    }

    /** Makes the system forget a file's contents, so that they come from the disk next. What is not written yet is written first; what is mapped stays. */
    void forget(Path file) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            channel.force(false);
        }
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment path = arena.allocateFrom(file.toString());
            int descriptor = (int) open.invokeExact(path, READ_ONLY);
            if (descriptor < 0) throw new IOException(file + " cannot be opened");
            int fault = (int) advise.invokeExact(descriptor, 0L, 0L, DONT_NEED), closed = (int) close.invokeExact(descriptor);
            if (fault != 0 || closed != 0) throw new IOException(file + " stays in memory: posix_fadvise gave " + fault);
        } catch (IOException | RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new IllegalStateException("the system's functions cannot be called", e);
        }
    }
}
