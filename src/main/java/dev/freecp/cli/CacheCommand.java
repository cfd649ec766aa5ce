package dev.freecp.cli;

import dev.freecp.segment.TextCache;
import java.nio.file.Path;
import java.util.Locale;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code freecp cache}: the text features on disk. */
@Command(name = "cache", description = "Looks after the cache of text features.",
    footer = {"", "Examples:", "  freecp cache size", "  freecp cache clear --cache features"})
final class CacheCommand implements Runnable {

    private final Console console;

    @Spec
    private CommandSpec spec;

    CacheCommand(Console console) {
        this.console = console;
    }

    @Override
    public void run() {
        throw Main.wantsCommand(spec);
    }

    @Command(name = "size", description = "Says how much the cache takes.", footer = {"", "Example:", "  freecp cache size"})
    int size(@Option(names = "--cache", paramLabel = "DIR", description = "The cache's folder; default $XDG_CACHE_HOME/freecp or ~/.cache/freecp.") Path folder) {
        console.result(place(folder) + ": " + bytes(TextCache.at(place(folder)).size()));
        return 0;
    }

    @Command(name = "clear", description = "Deletes the cache's files, and no others.", footer = {"", "Example:", "  freecp cache clear"})
    int clear(@Option(names = "--cache", paramLabel = "DIR", description = "The cache's folder; default $XDG_CACHE_HOME/freecp or ~/.cache/freecp.") Path folder) {
        TextCache cache = TextCache.at(place(folder));
        long size = cache.size();
        console.result(place(folder) + ": " + StartMessage.count(cache.clear(), "file", "files") + " deleted, " + bytes(size));
        return 0;
    }

    private static Path place(Path folder) {
        return folder == null ? TextCache.defaultFolder() : folder;
    }

    private static String bytes(long bytes) {
        return bytes < 1_000_000 ? String.format(Locale.ROOT, "%,d bytes", bytes) : String.format(Locale.ROOT, "%.1f MB", bytes * 1e-6);
    }
}
