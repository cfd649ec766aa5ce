package dev.freecp.cuda;

/**
 * How many blocks a launch has, and how many threads a block has, in x, y and z.
 */
record Grid(int x, int y, int z, int blockX, int blockY, int blockZ) {

    /** {@code blocks} blocks of {@code threads} threads. */
    static Grid of(long blocks, int threads) {
        return new Grid(Math.toIntExact(blocks), 1, 1, threads, 1, 1);
    }

    /** One thread for each of {@code items}. */
    static Grid each(long items, int threads) {
        return of(ceil(items, threads), threads);
    }

    /** One warp for each of {@code rows}, {@code warps} warps a block: threadIdx.x is the lane, threadIdx.y the warp. */
    static Grid warps(long rows, int warps) {
        return new Grid(Math.toIntExact(ceil(rows, warps)), 1, 1, 32, warps, 1);
    }

    /**
     * Warps for every element of a matrix: threadIdx.x is the lane, threadIdx.y and blockIdx.x give the row, whose columns the lanes of gridDim.y blocks share
     * in turns, some four each.
     */
    static Grid elements(int rows, int cols) {
        return warps(rows, 8).by(Math.toIntExact(ceil(cols, 4 * 32)), 1);
    }

    /** The same blocks in {@code y} rows and {@code z} layers. */
    Grid by(int y, int z) {
        return new Grid(x, y, z, blockX, blockY, blockZ);
    }

    /** True if there is nothing to do. */
    boolean isEmpty() {
        return x == 0 || y == 0 || z == 0;
    }

    /** Threads of a block. */
    int threads() {
        return blockX * blockY * blockZ;
    }

    /** Smallest whole number that is at least a / b. */
    static long ceil(long a, long b) {
        return (a + b - 1) / b;
    }

    @Override
    public String toString() {
        return "grid %d x %d x %d, block %d x %d x %d".formatted(x, y, z, blockX, blockY, blockZ);
    }
}
