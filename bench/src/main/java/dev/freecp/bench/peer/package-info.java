/** Other programs that do the same work, fed with the same weights and numbers: ONNX Runtime through a graph that is written here, torch in a process beside, a plain loop. */
package dev.freecp.bench.peer;
