/**
 * A picture and a vocabulary in, a {@link dev.freecp.segment.Segmentation} out: words and presets, text features and their cache, windows in batches,
 * labels.
 */
package dev.freecp.segment;
