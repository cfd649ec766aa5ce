/** {@code freecp weights}: what is done with weight files outside of a run. */
package dev.freecp.convert;
