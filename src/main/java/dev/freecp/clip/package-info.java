/**
 * CLIP: configuration and weights of a checkpoint, tokenizer, text tower, vision tower and the five ways of reading dense features from its last
 * block. Written once against {@link dev.freecp.ops.Ops}; knows pictures only as bytes and regions.
 */
package dev.freecp.clip;
