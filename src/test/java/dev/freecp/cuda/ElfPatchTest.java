package dev.freecp.cuda;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** On the libraries that JCuda ships. */
class ElfPatchTest {

    private static final String CUDA_12 = "libcublas.so.12", CUDA_13 = "libcublas.so.13";

    private static byte[] library(String name) throws IOException {
        try (InputStream in = ElfPatchTest.class.getResourceAsStream("/lib/" + name + "-12.6.0-linux-x86_64.so")) {
            return in.readAllBytes();
        }
    }

    private static boolean mentions(byte[] file, String name) {
        return new String(file, StandardCharsets.ISO_8859_1).contains("\0" + name + "\0");
    }

    @Test
    void renamesTheLibraryAndNothingElse() throws IOException {
        byte[] original = library("libJCublas2");
        byte[] patched = ElfPatch.renameLibrary(original, CUDA_12, CUDA_13);
        assertTrue(mentions(original, CUDA_12) && !mentions(original, CUDA_13));
        assertTrue(mentions(patched, CUDA_13) && !mentions(patched, CUDA_12));
        int changed = 0;
        for (int i = 0; i < original.length; i++) if (original[i] != patched[i]) changed++;
        assertEquals(2, changed, "the last digit of the name, and of the hash of the version that is called like it");
    }

    @Test
    void theWayBackGivesTheOriginal() throws IOException {
        byte[] original = library("libJCublas2");
        assertArrayEquals(original, ElfPatch.renameLibrary(ElfPatch.renameLibrary(original, CUDA_12, CUDA_13), CUDA_13, CUDA_12));
    }

    @Test
    void refusesWhatDoesNotAskForTheLibrary() {
        assertRefused("the shared object does not ask for libcublas.so.12", "libJCudaDriver", Integer.MAX_VALUE);
    }

    @Test
    void refusesWhatIsNoWholeSharedObject() throws IOException {
        byte[] original = library("libJCublas2");
        assertRefused("the shared object that asks for libcublas.so.12 is cut off", "libJCublas2", original.length / 2);
        assertRefused("the shared object that asks for libcublas.so.12 is cut off", "libJCublas2", 3);
        byte[] text = "#!/bin/sh, and some more".getBytes(StandardCharsets.US_ASCII);
        assertEquals("not a 64-bit little-endian ELF file", assertThrows(IOException.class, () -> ElfPatch.renameLibrary(text, CUDA_12, CUDA_13)).getMessage());
        original[4] = 1;
        assertEquals("not a 64-bit little-endian ELF file", assertThrows(IOException.class, () -> ElfPatch.renameLibrary(original, CUDA_12, CUDA_13)).getMessage());
    }

    @Test
    void refusesANameOfAnotherLength() {
        assertThrows(IllegalArgumentException.class, () -> ElfPatch.renameLibrary(new byte[0], CUDA_12, "libcublas.so.9"));
    }

    private static void assertRefused(String message, String library, int bytes) {
        assertEquals(message, assertThrows(IOException.class, () -> {
            byte[] file = library(library);
            ElfPatch.renameLibrary(Arrays.copyOf(file, Math.min(bytes, file.length)), CUDA_12, CUDA_13);
        }).getMessage());
    }
}
