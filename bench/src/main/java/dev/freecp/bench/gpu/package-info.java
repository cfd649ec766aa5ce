/** {@code freecp bench gpu}: what a GPU does in the engine's operations, in the tower and with whole pictures, with the machine's ceilings from the same run. */
package dev.freecp.bench.gpu;
