package dev.freecp.convert.source;

/**
 * What the pickles of one file may cost, so that a small file cannot grow into a large heap or a long run: memory, counted in units of about 16
 * bytes, and steps. Real checkpoints, optimizers included, stay below a tenth of either.
 */
final class Budget {

    private static final long MAX_UNITS = 6_000_000;
    private static final long MAX_STEPS = 20_000_000;

    private final Place place;
    private long units = MAX_UNITS;
    private long steps = MAX_STEPS;

    Budget(Place place) {
        this.place = place;
    }

    /** Pays for objects of about {@code count} times 16 bytes. */
    void units(long count) {
        if (count > units) throw place.tooLarge("its pickle builds more objects than any checkpoint has");
        units -= count;
    }

    /** Pays for {@code bytes} of text or raw bytes. */
    void bytes(long bytes) {
        units(2 + bytes / 16);
    }

    void step() {
        if (--steps < 0) throw place.tooLarge("its pickle takes more than " + MAX_STEPS + " steps");
    }
}
