package dev.freecp.cuda;

import java.util.Optional;

/**
 * What a device can launch.
 *
 * @param threads most threads of a block
 * @param blocks  most blocks in y and z
 * @param shared  most dynamic shared memory of a block, in bytes, after asking for it
 */
record DeviceLimits(int threads, int blocks, int shared) {

    /** What is wrong with a launch, or nothing. */
    Optional<String> check(Grid grid, int sharedBytes) {
        if (grid.threads() < 1 || grid.threads() > threads) return Optional.of("a block has 1 to " + threads + " threads here");
        if (grid.x() < 1 || grid.y() < 1 || grid.z() < 1) return Optional.of("a grid has at least one block");
        if (grid.y() > blocks || grid.z() > blocks) return Optional.of("a grid has at most " + blocks + " blocks in y and z here");
        if (sharedBytes > shared) return Optional.of("a block has at most " + shared + " bytes of shared memory here");
        return Optional.empty();
    }
}
