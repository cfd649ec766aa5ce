/** {@code freecp bench}: what it consists of, and how it comes to the command line. */
package dev.freecp.bench.command;
