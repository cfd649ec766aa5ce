/** Files of descriptions for people who write them: checking, asking a language model for them, and taking its answers in. */
package dev.freecp.words;
