package dev.freecp.serve;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.freecp.error.DeviceException;
import dev.freecp.error.FreecpException;
import dev.freecp.error.InputException;
import dev.freecp.error.UsageException;
import dev.freecp.segment.Segmenter;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Phaser;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A model behind HTTP: the API, the page and Label Studio's calls. The segmenter stays the caller's.
 * <pre>{@code
 * try (Server server = Server.start(segmenter, orders, ServerOptions.local(), "1.0")) {
 *     System.out.println(server.address());
 * }
 * }</pre>
 */
public final class Server implements AutoCloseable {

    private static final System.Logger LOG = System.getLogger(Server.class.getName());
    private static final int BACKLOG = 1024;
    private static final int SECONDS_TO_FINISH = 60;
    private static final String UNKNOWN = "other";

    private final ServerOptions options;
    private final HttpServer http;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final Phaser calls = new Phaser(1);
    private final Gate gate;
    private final WorkQueue queue;
    private final Engine engine;
    private final Metrics metrics = new Metrics();
    private final List<Route> routes;
    private volatile boolean closing;

    private Server(Segmenter segmenter, Order.Reader orders, ServerOptions options, String version, HttpServer http) {
        this.options = options;
        this.http = http;
        this.gate = new Gate(options.address(), options.token());
        this.queue = new WorkQueue(options.queue());
        this.engine = new Engine(segmenter, options);
        Api api = new Api(engine, queue, metrics, orders, new Answers(segmenter, version));
        TaskPictures tasks = new TaskPictures(options.studio(), options.limits().body(), options.timeout());
        LabelStudio studio = new LabelStudio(engine, queue, orders, tasks, version);
        this.routes = Stream.of(PageFiles.routes(), api.routes().stream(), studio.routes().stream()).flatMap(part -> part).toList();
        measure();
        http.setExecutor(threads);
        http.createContext("/", this::handle);
    }

    /**
     * Begins to listen.
     *
     * @param orders  what a request's parameters mean
     * @param version of the program, for reports
     * @throws UsageException if the address cannot be listened on
     */
    public static Server start(Segmenter segmenter, Order.Reader orders, ServerOptions options, String version) {
        InetSocketAddress address = options.address();
        try {
            Server server = new Server(segmenter, orders, options, version, HttpServer.create(address, BACKLOG));
            server.http.start();
            return server;
        } catch (IOException e) {
            throw new UsageException("cannot listen on " + address.getHostString() + ":" + address.getPort() + " (" + e.getMessage()
                + "); choose another --port");
        }
    }

    /** Where it listens. */
    public InetSocketAddress address() {
        return http.getAddress();
    }

    /** Makes the features of words that will be asked for, so that no request waits for them. */
    public void prepare(Order order) {
        engine.words().features(order);
    }

    /** Method and path of everything that is answered. */
    List<Route> routes() {
        return routes;
    }

    private void measure() {
        metrics.value("freecp_queue_length", "gauge", "Requests that wait or are being worked on.", queue::length);
        metrics.value("freecp_queue_limit", "gauge", "How many may wait.", options::queue);
        metrics.value("freecp_pictures_kept", "gauge", "Pictures that can be labelled without a run of the tower.", () -> engine.pictures().count());
        metrics.value("freecp_pictures_kept_bytes", "gauge", "Memory of their features, estimated.", () -> engine.pictures().bytes());
        metrics.value("freecp_words_kept", "gauge", "Words whose features are known.", () -> engine.words().kept());
        metrics.value("freecp_words_encoded_total", "counter", "Words that the text tower, or its cache on disk, was asked for.",
            () -> engine.words().encoded());
        metrics.value("freecp_tower_runs_total", "counter", "Times that the vision tower went over a picture.", engine::towerRuns);
    }

    private void handle(HttpExchange exchange) {
        calls.register();
        long start = System.nanoTime();
        try (exchange) {
            Call call = new Call(exchange, options.limits().body(), options.timeout());
            List<Route> there = routes.stream().filter(route -> route.match(call.path()).isPresent()).toList();
            Reply reply = answer(call, there);
            metrics.answered(there.isEmpty() ? UNKNOWN : there.getFirst().path(), reply.status(), (System.nanoTime() - start) * 1e-9);
            call.answer(closing ? reply.with(Map.of("Connection", "close")) : reply);
        } catch (IOException e) {
            LOG.log(System.Logger.Level.DEBUG, "the caller is gone: " + e);
        } finally {
            calls.arriveAndDeregister();
        }
    }

    /** The handler's answer, or whatever went wrong as one sentence. */
    private Reply answer(Call call, List<Route> there) {
        String path = call.path();
        try {
            gate.requireSameSite(call);
            if (there.isEmpty()) throw new Refusal(Refusal.NOT_FOUND, "there is nothing at " + path + "; /openapi.json tells what there is");
            Optional<Route> route = there.stream().filter(one -> one.method().equals(call.method())).findFirst();
            if (route.isEmpty()) {
                String allowed = there.stream().map(Route::method).collect(Collectors.joining(", "));
                throw new Refusal(Refusal.METHOD_NOT_ALLOWED, path + " is asked with " + allowed + ", not with " + call.method(), Map.of("Allow", allowed));
            }
            if (!route.get().open()) gate.requireToken(call);
            if (closing) throw new Refusal(Refusal.UNAVAILABLE, "the server is ending", Map.of("Retry-After", "10"));
            return route.get().handler().handle(call, route.get().match(path).orElseThrow());
        } catch (Refusal e) {
            return e.reply();
        } catch (FreecpException e) {
            return new Refusal(status(e), e.getMessage()).reply();
        } catch (IOException e) {
            return new Refusal(Refusal.BAD_REQUEST, "the request ended before it was complete").reply();
        } catch (Exception | OutOfMemoryError e) {
            boolean memory = e instanceof OutOfMemoryError || e.getCause() instanceof OutOfMemoryError;
            if (memory) return new Refusal(Refusal.UNAVAILABLE, "there is not enough memory for this request; send a smaller picture or fewer words").reply();
            LOG.log(System.Logger.Level.WARNING, "bug: " + e + " at " + (e.getStackTrace().length == 0 ? "?" : e.getStackTrace()[0]));
            return Reply.json(500, Map.of("error", "a fault of the server, which its log tells more about"));
        }
    }

    private static int status(FreecpException e) {
        return switch (e) {
            case UsageException _, InputException _ -> Refusal.BAD_REQUEST;
            case DeviceException _ -> Refusal.UNAVAILABLE;
        };
    }

    /** Takes no more requests, finishes those that have begun, and gives back what is kept. */
    @Override
    public void close() {
        if (closing) return;
        closing = true;
        try {
            calls.awaitAdvanceInterruptibly(calls.arrive(), SECONDS_TO_FINISH, TimeUnit.SECONDS);
        } catch (TimeoutException e) {
            LOG.log(System.Logger.Level.WARNING, "requests that were not finished after " + SECONDS_TO_FINISH + " s are given up");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        http.stop(0);
        queue.close();
        threads.shutdownNow();
        engine.close();
    }
}
