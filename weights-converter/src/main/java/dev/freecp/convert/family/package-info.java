/**
 * Which model a weight file holds, told by the names of its tensors; how its tensors become the canonical ones; and what else must be known to run
 * it.
 */
package dev.freecp.convert.family;
