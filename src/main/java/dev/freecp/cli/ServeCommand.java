package dev.freecp.cli;

import dev.freecp.error.UsageException;
import dev.freecp.segment.Segmenter;
import dev.freecp.serve.Server;
import dev.freecp.serve.ServerOptions;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code freecp serve}: a model behind HTTP. */
@Command(name = "serve", description = "Serves a page to try words on pictures, and an HTTP API, until it is told to end.",
    footer = {"", "Options on words and method are those of freecp segment; they are the defaults of requests, which may choose otherwise. docs/serve.md describes the API.", "",
        "Examples:",
        "  freecp serve --model clip-vit-base-patch16",
        "  freecp serve --model clip-vit-base-patch16 --preset ade20k --port 9090",
        "  freecp serve --model clip-vit-base-patch16 --host 0.0.0.0 --token \"$TOKEN\""})
final class ServeCommand implements Callable<Integer> {

    private static final long LARGEST_BODY = 1L << 30;
    private static final int MOST_SECONDS_OF_AN_ANSWER = 3600;

    private final Console console;

    @Mixin
    private SegmentOptions options;

    @Option(names = "--host", paramLabel = "NAME", defaultValue = "localhost",
        description = "Address to listen on; any but this machine's own needs --token. Default ${DEFAULT-VALUE}.")
    private String host;

    @Option(names = "--port", paramLabel = "N", defaultValue = "8080", description = "Port to listen on, 0 for any free one; default ${DEFAULT-VALUE}.")
    private int port;

    @Option(names = "--token", paramLabel = "TEXT", description = "What callers must know: they send the header 'Authorization: Bearer TEXT'.")
    private String token;

    @Option(names = "--queue", paramLabel = "N", defaultValue = "32", description = "How many requests may wait; those beyond it get 429. Default ${DEFAULT-VALUE}.")
    private int queue;

    @Option(names = "--max-body", paramLabel = "BYTES", defaultValue = "32M", converter = Converters.Bytes.class,
        description = "Largest body of a request; default ${DEFAULT-VALUE}.")
    private long maxBody;

    @Option(names = "--max-pixels", paramLabel = "N", defaultValue = "50000000", description = "Largest picture; default ${DEFAULT-VALUE}.")
    private long maxPixels;

    @Option(names = "--timeout", paramLabel = "SECONDS", defaultValue = "30",
        description = "How long a request may take to arrive; default ${DEFAULT-VALUE}.")
    private int timeout;

    @Option(names = "--keep", paramLabel = "N", defaultValue = "16", description = "How many pictures are kept for relabelling; default ${DEFAULT-VALUE}.")
    private int pictures;

    @Option(names = "--keep-memory", paramLabel = "BYTES", defaultValue = "1G", converter = Converters.Bytes.class,
        description = "How much memory their features may take; default ${DEFAULT-VALUE}.")
    private long pictureBytes;

    @Option(names = "--label-studio-root", paramLabel = "DIR", description = "Folder of Label Studio's uploads (its media folder), for tasks whose picture is /data/upload/...")
    private Path studioRoot;

    @Option(names = "--label-studio-url", paramLabel = "URL", description = "Address of Label Studio, for tasks whose picture must be asked for; no other address is ever asked.")
    private URI studioUrl;

    @Option(names = "--label-studio-key", paramLabel = "TEXT", description = "Access token for that address.")
    private String studioKey;

    @Option(names = "--quiet", description = "Nothing on standard error but warnings and errors.")
    private boolean quiet;

    @Spec
    private CommandSpec spec;

    ServeCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() throws IOException {
        ServerOptions server = serverOptions();
        options.model().check(console);
        RequestOptions requests = RequestOptions.startedWith(spec.commandLine().getParseResult());
        requests.defaults();                                            // what is wrong with them is said before a model is loaded
        cutSlowCallers();
        CountDownLatch ending = new CountDownLatch(1), ended = new CountDownLatch(1);
        Thread onExit = Thread.ofPlatform().unstarted(() -> {
            ending.countDown();
            await(ended);
        });
        Runtime.getRuntime().addShutdownHook(onExit);
        try (Segmenter segmenter = options.model().open(); Server running = Server.start(segmenter, requests, server, Version.number())) {
            if (requests.hasWords()) running.prepare(requests.read(Map.of()));
            if (!quiet) {
                console.note("freecp " + Version.number() + ": " + segmenter.clip().folder() + " on " + options.model().describe(segmenter));
                console.note("Ctrl-C ends it and finishes what has begun.");
            }
            console.result("http://" + host + ":" + running.address().getPort() + "/");
            await(ending);
        } finally {
            ended.countDown();
            forget(onExit);
        }
        return 0;
    }

    private static void forget(Thread hook) {
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException _) {
            // The JVM is ending, and the hook with it.
        }
    }

    private ServerOptions serverOptions() {
        if (queue < 0) throw new UsageException("--queue must be 0 or more, not " + queue);
        if (maxBody > LARGEST_BODY) throw new UsageException("--max-body must be at most 1G, for a body is held in memory");
        if (maxPixels < 1) throw new UsageException("--max-pixels must be at least 1, not " + maxPixels);
        if (timeout < 1) throw new UsageException("--timeout must be at least one second, not " + timeout);
        if (pictures < 1) throw new UsageException("--keep must be at least 1, not " + pictures);
        if (port < 0 || port > 0xffff) throw new UsageException("--port must lie between 0 and 65535, not at " + port);
        if (token != null && token.isBlank()) throw new UsageException("--token must not be empty");
        ServerOptions.Limits usual = ServerOptions.Limits.DEFAULT;
        return new ServerOptions(new InetSocketAddress(host, port), Optional.ofNullable(token), queue,
            new ServerOptions.Limits(maxBody, maxPixels, usual.windows(), usual.tokens(), usual.words()), Duration.ofSeconds(timeout),
            new ServerOptions.Keep(pictures, pictureBytes, ServerOptions.Keep.DEFAULT.words()),
            new ServerOptions.Studio(Optional.ofNullable(studioRoot), Optional.ofNullable(studioUrl), Optional.ofNullable(studioKey)));
    }

    /** The JDK's server takes these from system properties only: it closes connections that send their request, or take their answer, too slowly. */
    private void cutSlowCallers() {
        System.getProperties().putIfAbsent("sun.net.httpserver.maxReqTime", Integer.toString(timeout + 1));
        System.getProperties().putIfAbsent("sun.net.httpserver.maxRspTime", Integer.toString(MOST_SECONDS_OF_AN_ANSWER));
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
