package dev.freecp.cpu;

import static dev.freecp.cpu.Lanes.FLOAT;
import static dev.freecp.cpu.Lanes.SPECIES;
import static dev.freecp.cpu.Lanes.WIDTH;
import static dev.freecp.cpu.Lanes.load;
import static dev.freecp.cpu.Lanes.store;

import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;

/**
 * The inner loop of every matrix product for six rows and four vectors of columns: 24 accumulators, four vectors of B and one of A are 29 of the 32 registers of AVX-512 and of NEON.
 * Accumulators must be named locals: the compiler keeps those in registers, an array of vectors it does not.
 */
final class Tile6x4 {

    private Tile6x4() {
    }

    /** As {@link Tile#multiply}. */
    static void multiply(MemorySegment a, long a0, long a1, long a2, long a3, long a4, long a5, MemorySegment b, long bAt, int depth,
                         MemorySegment c, long cAt, long cStride, boolean add) {
        FloatVector c00 = FloatVector.zero(SPECIES), c01 = FloatVector.zero(SPECIES), c02 = FloatVector.zero(SPECIES), c03 = FloatVector.zero(SPECIES);
        FloatVector c10 = FloatVector.zero(SPECIES), c11 = FloatVector.zero(SPECIES), c12 = FloatVector.zero(SPECIES), c13 = FloatVector.zero(SPECIES);
        FloatVector c20 = FloatVector.zero(SPECIES), c21 = FloatVector.zero(SPECIES), c22 = FloatVector.zero(SPECIES), c23 = FloatVector.zero(SPECIES);
        FloatVector c30 = FloatVector.zero(SPECIES), c31 = FloatVector.zero(SPECIES), c32 = FloatVector.zero(SPECIES), c33 = FloatVector.zero(SPECIES);
        FloatVector c40 = FloatVector.zero(SPECIES), c41 = FloatVector.zero(SPECIES), c42 = FloatVector.zero(SPECIES), c43 = FloatVector.zero(SPECIES);
        FloatVector c50 = FloatVector.zero(SPECIES), c51 = FloatVector.zero(SPECIES), c52 = FloatVector.zero(SPECIES), c53 = FloatVector.zero(SPECIES);
        for (int k = 0; k < depth; k++) {
            long bk = bAt + k * 4 * WIDTH, ak = k * 4L;
            FloatVector b0 = load(b, bk), b1 = load(b, bk + WIDTH), b2 = load(b, bk + 2 * WIDTH), b3 = load(b, bk + 3 * WIDTH);
            FloatVector x;
            x = FloatVector.broadcast(SPECIES, a.get(FLOAT, a0 + ak));
            c00 = x.fma(b0, c00);
            c01 = x.fma(b1, c01);
            c02 = x.fma(b2, c02);
            c03 = x.fma(b3, c03);
            x = FloatVector.broadcast(SPECIES, a.get(FLOAT, a1 + ak));
            c10 = x.fma(b0, c10);
            c11 = x.fma(b1, c11);
            c12 = x.fma(b2, c12);
            c13 = x.fma(b3, c13);
            x = FloatVector.broadcast(SPECIES, a.get(FLOAT, a2 + ak));
            c20 = x.fma(b0, c20);
            c21 = x.fma(b1, c21);
            c22 = x.fma(b2, c22);
            c23 = x.fma(b3, c23);
            x = FloatVector.broadcast(SPECIES, a.get(FLOAT, a3 + ak));
            c30 = x.fma(b0, c30);
            c31 = x.fma(b1, c31);
            c32 = x.fma(b2, c32);
            c33 = x.fma(b3, c33);
            x = FloatVector.broadcast(SPECIES, a.get(FLOAT, a4 + ak));
            c40 = x.fma(b0, c40);
            c41 = x.fma(b1, c41);
            c42 = x.fma(b2, c42);
            c43 = x.fma(b3, c43);
            x = FloatVector.broadcast(SPECIES, a.get(FLOAT, a5 + ak));
            c50 = x.fma(b0, c50);
            c51 = x.fma(b1, c51);
            c52 = x.fma(b2, c52);
            c53 = x.fma(b3, c53);
        }
        if (add) {
            c00 = c00.add(load(c, cAt)); c01 = c01.add(load(c, cAt + WIDTH)); c02 = c02.add(load(c, cAt + 2 * WIDTH)); c03 = c03.add(load(c, cAt + 3 * WIDTH));
            c10 = c10.add(load(c, cAt + cStride)); c11 = c11.add(load(c, cAt + cStride + WIDTH)); c12 = c12.add(load(c, cAt + cStride + 2 * WIDTH)); c13 = c13.add(load(c, cAt + cStride + 3 * WIDTH));
            c20 = c20.add(load(c, cAt + 2 * cStride)); c21 = c21.add(load(c, cAt + 2 * cStride + WIDTH)); c22 = c22.add(load(c, cAt + 2 * cStride + 2 * WIDTH)); c23 = c23.add(load(c, cAt + 2 * cStride + 3 * WIDTH));
            c30 = c30.add(load(c, cAt + 3 * cStride)); c31 = c31.add(load(c, cAt + 3 * cStride + WIDTH)); c32 = c32.add(load(c, cAt + 3 * cStride + 2 * WIDTH)); c33 = c33.add(load(c, cAt + 3 * cStride + 3 * WIDTH));
            c40 = c40.add(load(c, cAt + 4 * cStride)); c41 = c41.add(load(c, cAt + 4 * cStride + WIDTH)); c42 = c42.add(load(c, cAt + 4 * cStride + 2 * WIDTH)); c43 = c43.add(load(c, cAt + 4 * cStride + 3 * WIDTH));
            c50 = c50.add(load(c, cAt + 5 * cStride)); c51 = c51.add(load(c, cAt + 5 * cStride + WIDTH)); c52 = c52.add(load(c, cAt + 5 * cStride + 2 * WIDTH)); c53 = c53.add(load(c, cAt + 5 * cStride + 3 * WIDTH));
        }
        store(c00, c, cAt); store(c01, c, cAt + WIDTH); store(c02, c, cAt + 2 * WIDTH); store(c03, c, cAt + 3 * WIDTH);
        store(c10, c, cAt + cStride); store(c11, c, cAt + cStride + WIDTH); store(c12, c, cAt + cStride + 2 * WIDTH); store(c13, c, cAt + cStride + 3 * WIDTH);
        store(c20, c, cAt + 2 * cStride); store(c21, c, cAt + 2 * cStride + WIDTH); store(c22, c, cAt + 2 * cStride + 2 * WIDTH); store(c23, c, cAt + 2 * cStride + 3 * WIDTH);
        store(c30, c, cAt + 3 * cStride); store(c31, c, cAt + 3 * cStride + WIDTH); store(c32, c, cAt + 3 * cStride + 2 * WIDTH); store(c33, c, cAt + 3 * cStride + 3 * WIDTH);
        store(c40, c, cAt + 4 * cStride); store(c41, c, cAt + 4 * cStride + WIDTH); store(c42, c, cAt + 4 * cStride + 2 * WIDTH); store(c43, c, cAt + 4 * cStride + 3 * WIDTH);
        store(c50, c, cAt + 5 * cStride); store(c51, c, cAt + 5 * cStride + WIDTH); store(c52, c, cAt + 5 * cStride + 2 * WIDTH); store(c53, c, cAt + 5 * cStride + 3 * WIDTH);
    }
}
