package dev.freecp.cli;

import dev.freecp.segment.SegmentSettings;
import picocli.CommandLine.Mixin;

/** Everything that decides labels: model, words and method. Shared by the commands that segment. */
final class SegmentOptions {

    @Mixin
    private ModelOptions model;

    @Mixin
    private WordOptions words;

    @Mixin
    private MethodOptions method;

    ModelOptions model() {
        return model;
    }

    WordOptions words() {
        return words;
    }

    /** @throws dev.freecp.error.UsageException if they cannot be */
    SegmentSettings settings() {
        return method.settings(words.mode(), words.preset());
    }
}
