package jkipsec;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * Something that is done with sockets of the JDK and with a tunnel's, and must look the same.
 *
 * @param name a sentence
 * @param play what is done
 * @param meant what looks different on purpose: what was seen, and what a tunnel's sockets show instead
 */
record SocketCase(String name, Play play, Map<String, String> meant) {
    private static final Duration LIMIT = Duration.ofSeconds(60);

    /** A tunnel's sockets add what was not reachable, as the JDK's do with {@code jdk.includeInExceptions=hostInfo}. */
    private static final Pattern ADDRESS = Pattern.compile(
            "((ConnectException|NoRouteToHostException|BindException|UnknownHostException): [^:(]*?)(: | \\().*");

    /** What is done. */
    interface Play {
        void on(SocketStage stage) throws Exception;
    }

    static SocketCase of(String name, Play play) {
        return new SocketCase(name, play, Map.of());
    }

    /** The same, with something that looks different on purpose. */
    SocketCase except(String seen, String ours) {
        var more = new HashMap<>(meant);
        more.put(seen, ours);
        return new SocketCase(name, play, Map.copyOf(more));
    }

    void compare(SocketWorld jdk, SocketWorld ours) throws Exception {
        Map<String, String> expected = played(jdk);
        Map<String, String> actual = played(ours);
        meant.forEach((what, shown) -> {
            assertNotEquals(shown, expected.put(what, shown), what + " is no difference any more");
        });
        // As text, so that a failure shows all of it.
        assertEquals(text(expected), text(actual));
    }

    private Map<String, String> played(SocketWorld world) throws Exception {
        return assertTimeoutPreemptively(LIMIT, () -> {
            try (var stage = new SocketStage(world)) {
                play.on(stage);
                return stage.seen();
            }
        }, name);
    }

    private static String text(Map<String, String> seen) {
        var text = new StringBuilder();
        seen.forEach((what, value) -> text.append(what).append(" -> ")
                .append(ADDRESS.matcher(value).replaceFirst("$1")).append('\n'));
        return text.toString();
    }
}
