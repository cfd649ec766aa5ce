/** Small programs that look into pictures and features with the smile library. Not part of the product. */
package dev.freecp.bench.study;
