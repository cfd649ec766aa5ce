/** What was measured, as JSON that {@code freecp bench} and the peers share, and the page that is drawn of it. */
package dev.freecp.bench.report;
