/** What people look at: a picture under the colours of its labels, with a legend beside it. Needs no fonts and no display. */
package dev.freecp.report;
