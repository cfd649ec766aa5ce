/** Shapes that explain themselves, number types, and tensors over memory that somebody else owns. Knows no operation and no device. */
package dev.freecp.tensor;
