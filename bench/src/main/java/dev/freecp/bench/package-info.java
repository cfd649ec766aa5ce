/** JMH benchmarks of the engine, a class for each family of operations; each tells its rate in the unit that compares with the machine's peak. */
package dev.freecp.bench;
