/** {@code freecp bench cpu}: what a processor does in the tower, in whole pictures and with text, beside what it could do and what peers do, all in turn in one run. */
package dev.freecp.bench.cpu;
