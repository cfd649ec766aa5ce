package dev.freecp.serve;

import dev.freecp.error.UsageException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/**
 * How a server listens, and how much it takes on.
 *
 * @param address where it listens; port 0 takes a free one
 * @param token   what a caller must know, if anything
 * @param queue   how many requests may wait for their turn; those beyond it are refused
 * @param limits  of a single request
 * @param timeout for a request to arrive in full
 * @param keep    what is kept between requests
 * @param studio  where pictures of Label Studio's tasks may come from
 */
public record ServerOptions(InetSocketAddress address, Optional<String> token, int queue, Limits limits, Duration timeout, Keep keep, Studio studio) {

    /** @throws UsageException if there is no such address, or others than this machine could reach it without a token */
    public ServerOptions {
        if (address.isUnresolved()) throw new UsageException("there is no address of the name " + address.getHostString() + " to listen on");
        if (!address.getAddress().isLoopbackAddress() && token.isEmpty())
            throw new UsageException("everybody who can reach " + address.getHostString() + " could use this server; give it a --token, or leave --host out");
    }

    /** On a free port of the loopback address, otherwise as the command line has it. */
    public static ServerOptions local() {
        return new ServerOptions(new InetSocketAddress("localhost", 0), Optional.empty(), 32, Limits.DEFAULT, Duration.ofSeconds(30), Keep.DEFAULT,
            Studio.NONE);
    }

    /**
     * Limits of a request.
     *
     * @param body    bytes
     * @param pixels  of a picture as it comes, and when it has been resized
     * @param windows of a picture
     * @param tokens  of a window; attention takes memory with their square
     * @param words   of a list, with those of the background
     */
    public record Limits(long body, long pixels, int windows, int tokens, int words) {
        public static final Limits DEFAULT = new Limits(32L << 20, 50_000_000, 512, 4096, 1000);
    }

    /**
     * What is kept between requests; the least recently used goes first.
     *
     * @param pictures how many the page may come back to
     * @param bytes    of their features
     * @param words    whose features are kept
     */
    public record Keep(int pictures, long bytes, int words) {
        public static final Keep DEFAULT = new Keep(16, 1L << 30, 4096);
    }

    /**
     * Sources of pictures of Label Studio's tasks beside data: URIs.
     *
     * @param root folder with its uploads
     * @param url  its address, and the only one that is ever asked for a picture
     * @param key  for that address
     */
    public record Studio(Optional<Path> root, Optional<URI> url, Optional<String> key) {
        public static final Studio NONE = new Studio(Optional.empty(), Optional.empty(), Optional.empty());
    }
}
