package dev.freecp.cpu;

import static dev.freecp.cpu.Lanes.FLOAT;
import static dev.freecp.cpu.Lanes.SPECIES;
import static dev.freecp.cpu.Lanes.WIDTH;
import static dev.freecp.cpu.Lanes.load;
import static dev.freecp.cpu.Lanes.store;

import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;

/**
 * The inner loop of every matrix product for six rows and two vectors of columns: 12 accumulators, two vectors of B and one of A are 15 of the 16 registers of AVX2.
 * Accumulators must be named locals: the compiler keeps those in registers, an array of vectors it does not.
 */
final class Tile6x2 {

    private Tile6x2() {
    }

    /** As {@link Tile#multiply}. */
    static void multiply(MemorySegment a, long a0, long a1, long a2, long a3, long a4, long a5, MemorySegment b, long bAt, int depth,
                         MemorySegment c, long cAt, long cStride, boolean add) {
        FloatVector c00 = FloatVector.zero(SPECIES), c01 = FloatVector.zero(SPECIES);
        FloatVector c10 = FloatVector.zero(SPECIES), c11 = FloatVector.zero(SPECIES);
        FloatVector c20 = FloatVector.zero(SPECIES), c21 = FloatVector.zero(SPECIES);
        FloatVector c30 = FloatVector.zero(SPECIES), c31 = FloatVector.zero(SPECIES);
        FloatVector c40 = FloatVector.zero(SPECIES), c41 = FloatVector.zero(SPECIES);
        FloatVector c50 = FloatVector.zero(SPECIES), c51 = FloatVector.zero(SPECIES);
        for (int k = 0; k < depth; k++) {
            long bk = bAt + k * 2 * WIDTH, ak = k * 4L;
            FloatVector b0 = load(b, bk), b1 = load(b, bk + WIDTH);
            FloatVector x;
            x = FloatVector.broadcast(SPECIES, a.get(FLOAT, a0 + ak));
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
        if (add) {
            c00 = c00.add(load(c, cAt)); c01 = c01.add(load(c, cAt + WIDTH));
            c10 = c10.add(load(c, cAt + cStride)); c11 = c11.add(load(c, cAt + cStride + WIDTH));
            c20 = c20.add(load(c, cAt + 2 * cStride)); c21 = c21.add(load(c, cAt + 2 * cStride + WIDTH));
            c30 = c30.add(load(c, cAt + 3 * cStride)); c31 = c31.add(load(c, cAt + 3 * cStride + WIDTH));
            c40 = c40.add(load(c, cAt + 4 * cStride)); c41 = c41.add(load(c, cAt + 4 * cStride + WIDTH));
            c50 = c50.add(load(c, cAt + 5 * cStride)); c51 = c51.add(load(c, cAt + 5 * cStride + WIDTH));
        }
        store(c00, c, cAt); store(c01, c, cAt + WIDTH);
        store(c10, c, cAt + cStride); store(c11, c, cAt + cStride + WIDTH);
        store(c20, c, cAt + 2 * cStride); store(c21, c, cAt + 2 * cStride + WIDTH);
        store(c30, c, cAt + 3 * cStride); store(c31, c, cAt + 3 * cStride + WIDTH);
        store(c40, c, cAt + 4 * cStride); store(c41, c, cAt + 4 * cStride + WIDTH);
        store(c50, c, cAt + 5 * cStride); store(c51, c, cAt + 5 * cStride + WIDTH);
    }
}
