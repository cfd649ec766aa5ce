/** The one small hierarchy of exceptions, each with the exit code that the command line gives it. */
package dev.freecp.error;
