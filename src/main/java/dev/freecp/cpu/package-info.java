/**
 * {@link dev.freecp.cpu.VectorOps}: the operations on any CPU through the Vector API, over native memory and a fixed set of threads. The only package
 * that imports {@code jdk.incubator.vector}.
 */
package dev.freecp.cpu;
