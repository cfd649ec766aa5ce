/**
 * FreeCP's class purification (ICCV 2025) on windows' class maps: refinement by the attention affinity, redundancy (classes whose map refinement does
 * not confirm) and ambiguity (classes that share a region, decided by a closer look). Written against {@link dev.freecp.ops.Ops}; specification,
 * sections 5 to 8.
 */
package dev.freecp.purify;
