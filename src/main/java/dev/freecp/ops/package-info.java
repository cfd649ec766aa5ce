/**
 * {@link dev.freecp.ops.Ops}: the one list of operations that towers and purification are written against, and
 * {@link dev.freecp.ops.ScalarOps}, its reference in plain loops. Everything is batched over windows; nothing here knows CLIP or FreeCP.
 */
package dev.freecp.ops;
