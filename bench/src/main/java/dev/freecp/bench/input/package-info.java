/** What measurements are made on: seeded pictures, numbers and scenes. */
package dev.freecp.bench.input;
