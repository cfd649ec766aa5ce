package dev.freecp.cpu;

import static dev.freecp.cpu.Lanes.FLOAT;
import static dev.freecp.cpu.Lanes.SPECIES;
import static dev.freecp.cpu.Lanes.WIDTH;
import static java.nio.ByteOrder.LITTLE_ENDIAN;

import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;

/**
 * The inner loop of matrix products for six rows and two vectors of columns, where vectors are of 256 bits and for the last columns elsewhere:
 * 12 accumulators, two vectors of B and one of A are 15 of the 16 registers of AVX2.
 * Accumulators must be named locals: the compiler keeps those in registers, an array of vectors it does not. The method calls the Vector API directly and does
 * nothing but multiply and store: with helpers in between, or with one more pass over C, the compilers reach their limits and put vectors on the heap.
 */
final class Tile6x2 {

    private Tile6x2() {
    }

    /** As {@link Tile#multiply}; {@code bStep}: bytes from one depth of the panel to the next. */
    static void multiply(MemorySegment a, long a0, long a1, long a2, long a3, long a4, long a5, MemorySegment b, long bAt, long bStep,
                         int depth, MemorySegment c, long cAt, long cStride) {
        FloatVector c00 = FloatVector.zero(SPECIES), c01 = FloatVector.zero(SPECIES);
        FloatVector c10 = FloatVector.zero(SPECIES), c11 = FloatVector.zero(SPECIES);
        FloatVector c20 = FloatVector.zero(SPECIES), c21 = FloatVector.zero(SPECIES);
        FloatVector c30 = FloatVector.zero(SPECIES), c31 = FloatVector.zero(SPECIES);
        FloatVector c40 = FloatVector.zero(SPECIES), c41 = FloatVector.zero(SPECIES);
        FloatVector c50 = FloatVector.zero(SPECIES), c51 = FloatVector.zero(SPECIES);
        for (int k = 0; k < depth; k++) {
            long bk = bAt + k * bStep, ak = k * 4L;
            FloatVector b0 = FloatVector.fromMemorySegment(SPECIES, b, bk, LITTLE_ENDIAN);
            FloatVector b1 = FloatVector.fromMemorySegment(SPECIES, b, bk + WIDTH, LITTLE_ENDIAN);
            FloatVector x = FloatVector.broadcast(SPECIES, a.get(FLOAT, a0 + ak));
            c00 = x.fma(b0, c00);
            c01 = x.fma(b1, c01);
            x = FloatVector.broadcast(SPECIES, a.get(FLOAT, a1 + ak));
            c10 = x.fma(b0, c10);
            c11 = x.fma(b1, c11);
            x = FloatVector.broadcast(SPECIES, a.get(FLOAT, a2 + ak));
            c20 = x.fma(b0, c20);
            c21 = x.fma(b1, c21);
            x = FloatVector.broadcast(SPECIES, a.get(FLOAT, a3 + ak));
            c30 = x.fma(b0, c30);
            c31 = x.fma(b1, c31);
            x = FloatVector.broadcast(SPECIES, a.get(FLOAT, a4 + ak));
            c40 = x.fma(b0, c40);
            c41 = x.fma(b1, c41);
            x = FloatVector.broadcast(SPECIES, a.get(FLOAT, a5 + ak));
            c50 = x.fma(b0, c50);
            c51 = x.fma(b1, c51);
        }
        c00.intoMemorySegment(c, cAt, LITTLE_ENDIAN);
        c01.intoMemorySegment(c, cAt + WIDTH, LITTLE_ENDIAN);
        c10.intoMemorySegment(c, cAt + cStride, LITTLE_ENDIAN);
        c11.intoMemorySegment(c, cAt + cStride + WIDTH, LITTLE_ENDIAN);
        c20.intoMemorySegment(c, cAt + 2 * cStride, LITTLE_ENDIAN);
        c21.intoMemorySegment(c, cAt + 2 * cStride + WIDTH, LITTLE_ENDIAN);
        c30.intoMemorySegment(c, cAt + 3 * cStride, LITTLE_ENDIAN);
        c31.intoMemorySegment(c, cAt + 3 * cStride + WIDTH, LITTLE_ENDIAN);
        c40.intoMemorySegment(c, cAt + 4 * cStride, LITTLE_ENDIAN);
        c41.intoMemorySegment(c, cAt + 4 * cStride + WIDTH, LITTLE_ENDIAN);
        c50.intoMemorySegment(c, cAt + 5 * cStride, LITTLE_ENDIAN);
        c51.intoMemorySegment(c, cAt + 5 * cStride + WIDTH, LITTLE_ENDIAN);
    }
}
