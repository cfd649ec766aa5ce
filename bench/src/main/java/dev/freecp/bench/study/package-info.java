/** The algorithm seen step by step: each program makes one figure of {@code docs/study} from a run on a picture, in as few lines as it takes. */
package dev.freecp.bench.study;
