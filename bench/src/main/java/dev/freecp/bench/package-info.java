/** JMH benchmarks of the engine; each tells its rate in the unit that compares with the machine's peak. */
package dev.freecp.bench;
