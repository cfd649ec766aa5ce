/**
 * Holds the engine against a folder of golden numbers, stage by stage: the whole chain from the picture on, and every stage from the golden's own
 * input of that stage, so that the first stage that differs is named.
 */
package dev.freecp.parity;
