/** What a run leaves behind: a picture under the colours of its labels, with a legend beside it, and a report for machines. Needs no fonts and no display. */
package dev.freecp.report;
