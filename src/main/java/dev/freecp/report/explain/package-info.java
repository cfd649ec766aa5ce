/**
 * Why a picture got its labels: everything that was seen and decided on the way as records, and from them one HTML page that needs no network, or the same
 * facts as JSON (docs/explain.md).
 */
package dev.freecp.report.explain;
