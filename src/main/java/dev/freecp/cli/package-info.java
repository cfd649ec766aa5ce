/** The command line: what {@code freecp} understands, and how other modules add to it. The only package that may end the JVM. */
package dev.freecp.cli;
