/**
 * Segmentation over HTTP on the JDK's own server: an API for programs, a page for people, and the calls of Label Studio. All requests share one model; what
 * a picture's tower pass and a word list cost is paid once, as long as there is room to keep it.
 */
package dev.freecp.serve;
