/** CLIP: from text to token ids, from tokens and pixels to features. */
package dev.freecp.clip;
