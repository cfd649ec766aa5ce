/** Other programs that do the same work: ONNX Runtime, fed with our weights through a graph that is written here, and torch in a process beside. */
package dev.freecp.bench.peer;
