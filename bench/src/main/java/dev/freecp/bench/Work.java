package dev.freecp.bench;

import org.openjdk.jmh.annotations.AuxCounters;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** Work done, which JMH divides by the time: the lines {@code :gflop} and {@code :gigabyte} are rates. Only what limits a benchmark is counted. */
@State(Scope.Thread)
@AuxCounters(AuxCounters.Type.OPERATIONS)
public class Work {

    /** 1e9 operations; two for each multiplication with an addition. */
    public double gflop;

    /** 1e9 bytes that must be read or written. */
    public double gigabyte;
}
