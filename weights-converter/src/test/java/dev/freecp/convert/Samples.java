package dev.freecp.convert;

import java.nio.file.Path;

/** Where committed test data lies. */
final class Samples {

    private static final Path TEST_DATA = Path.of(System.getProperty("freecp.testdata"));

    private Samples() {
    }

    /** A sample checkpoint. */
    static Path file(String name) {
        return TEST_DATA.resolve("weights").resolve(name);
    }

    /** The small golden model in Hugging Face layout. */
    static Path golden() {
        return TEST_DATA.resolve("golden/models/b16");
    }
}
