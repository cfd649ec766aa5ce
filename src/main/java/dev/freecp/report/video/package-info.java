/**
 * Videos as streams of plain frames, YUV4MPEG2 (Y4M) or PPM, as ffmpeg reads and writes them through a pipe, and labels that are steadier from
 * frame to frame.
 */
package dev.freecp.report.video;
