package dev.freecp.serve;

import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Who may ask. A server on the loopback address is reached by every page that the user's browser shows: the check of Host stops names that were made to
 * point here (DNS rebinding), that of Origin stops other sites' forms and scripts.
 */
final class Gate {

    private static final Pattern LOCAL = Pattern.compile("(localhost|127(\\.\\d{1,3}){3}|\\[::1])(:\\d{1,5})?", Pattern.CASE_INSENSITIVE);
    private static final String BEARER = "Bearer ", BASIC = "Basic ";

    private final boolean loopback;
    private final String ownName;
    private final Optional<byte[]> token;

    Gate(InetSocketAddress address, Optional<String> token) {
        this.loopback = address.getAddress().isLoopbackAddress();
        this.ownName = address.getHostString();
        this.token = token.map(text -> text.getBytes(StandardCharsets.UTF_8));
    }

    /** @throws Refusal if the request was meant for, or sent by, another site */
    void requireSameSite(Call call) {
        String host = call.header("Host").orElse("");
        boolean own = LOCAL.matcher(host).matches() || host.replaceFirst(":\\d+$", "").equalsIgnoreCase(ownName);
        if (loopback && !own)
            throw new Refusal(Refusal.FORBIDDEN, "this server answers to localhost only, not to '" + host
                + "'; start it with --host and --token to use another name");
        call.header("Origin").filter(origin -> !origin.equals("http://" + host) && !origin.equals("https://" + host)).ifPresent(origin -> {
            throw new Refusal(Refusal.FORBIDDEN, "requests from pages of other sites (" + origin + ") are not answered");
        });
    }

    /** @throws Refusal if a token is needed and not given */
    void requireToken(Call call) {
        if (token.isEmpty()) return;
        String given = call.header("Authorization").map(Gate::secret).orElse("");
        if (!MessageDigest.isEqual(given.getBytes(StandardCharsets.UTF_8), token.get()))
            throw new Refusal(Refusal.UNAUTHORIZED, "this server needs its token: send the header 'Authorization: Bearer TOKEN'",
                Map.of("WWW-Authenticate", "Bearer"));
    }

    /** The token itself, or for Label Studio, which can only send names and passwords, the password. */
    private static String secret(String authorization) {
        if (authorization.startsWith(BEARER)) return authorization.substring(BEARER.length()).strip();
        if (!authorization.startsWith(BASIC)) return "";
        try {
            String pair = new String(Base64.getDecoder().decode(authorization.substring(BASIC.length()).strip()), StandardCharsets.UTF_8);
            return pair.substring(pair.indexOf(':') + 1);
        } catch (IllegalArgumentException e) {
            return "";
        }
    }
}
