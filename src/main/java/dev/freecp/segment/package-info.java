/** From a picture and a vocabulary to labels: query words, data-set presets, sentences, cached text matrices and the segmenter. */
package dev.freecp.segment;
