/**
 * Picture files to RGB bytes and back: decoding, the exact resize of the released program, sliding windows, colours of labels, and PNG files
 * of labels and confidences.
 */
package dev.freecp.image;
