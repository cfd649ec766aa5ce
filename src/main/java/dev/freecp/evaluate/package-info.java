/** How good label maps are: counts of predicted against true labels and the scores made of them. */
package dev.freecp.evaluate;
