/**
 * Labels as other tools read them: each format is a class that turns a picture's result into bytes, without files, so that the command line and a
 * server give the same. Regions are outlined along the edges of pixels, exactly, and simplified only if asked for.
 */
package dev.freecp.report.export;
