/**
 * Checkpoints on disk: strict readers of JSON and safetensors, the safetensors writer, a Hugging Face CLIP folder as one thing, and the
 * binding of its tensors by name and shape. Nothing here computes with the numbers beyond widening them to float32.
 */
package dev.freecp.weights;
