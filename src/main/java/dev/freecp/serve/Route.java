package dev.freecp.serve;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A path and a method, and what is done there.
 *
 * @param path      parts in braces take any text, which the handler gets in their order
 * @param open      whether it is answered without the token
 * @param handler   makes the answer
 */
record Route(String method, String path, boolean open, Handler handler) {

    /** Makes the answer to a call. */
    @FunctionalInterface
    interface Handler {
        Reply handle(Call call, List<String> parts) throws Exception;
    }

    /** The parts of a path that this route takes, or empty if it is not its own. */
    Optional<List<String>> match(String asked) {
        String[] pattern = path.split("/", -1), given = asked.split("/", -1);
        if (pattern.length != given.length) return Optional.empty();
        List<String> parts = new ArrayList<>();
        for (int i = 0; i < pattern.length; i++) {
            if (pattern[i].startsWith("{")) parts.add(given[i]);
            else if (!pattern[i].equals(given[i])) return Optional.empty();
        }
        return Optional.of(parts);
    }
}
