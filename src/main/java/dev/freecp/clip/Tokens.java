package dev.freecp.clip;

/**
 * A text as the text tower takes it.
 *
 * @param ids start token, the text's tokens, end token; at most as many as the tower has positions
 * @param cut whether the text was longer and lost its end, which is worth a warning
 */
public record Tokens(int[] ids, boolean cut) {
}
