package jkipsec.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class AddressWatchTest {
    private final Deque<Optional<InetAddress>> ways = new ArrayDeque<>();
    private final List<String> moves = new ArrayList<>();

    private static Optional<InetAddress> way(String literal) {
        try {
            return literal.isEmpty() ? Optional.empty() : Optional.of(InetAddress.getByName(literal));
        } catch (UnknownHostException e) {
            throw new AssertionError(e);
        }
    }

    /** What was moved when the way began at these addresses, one after the other. */
    private List<String> watch(String... literals) throws IOException {
        var watch = new AddressWatch(ways::remove,
                (from, to) -> moves.add(from.getHostAddress() + " to " + to.getHostAddress()));
        for (String literal : literals) {
            ways.add(way(literal));
            watch.look();
        }
        return moves;
    }

    @Test
    void theSameAddressIsNoMove() throws IOException {
        assertEquals(List.of(), watch("192.0.2.1", "192.0.2.1", "192.0.2.1"));
    }

    @Test
    void eachOtherAddressIsOneMove() throws IOException {
        assertEquals(List.of("192.0.2.1 to 192.0.2.9", "192.0.2.9 to 192.0.2.1"),
                watch("192.0.2.1", "192.0.2.9", "192.0.2.9", "192.0.2.1"));
    }

    @Test
    void withoutAnyWayItWaitsForTheNext() throws IOException {
        assertEquals(List.of(), watch("", "192.0.2.1", "", "192.0.2.1"));
        assertEquals(List.of("192.0.2.1 to 192.0.2.9"), watch("", "192.0.2.1", "", "", "192.0.2.9"));
    }

    @Test
    void whatHasEndedIsNotWatched() throws IOException {
        var watch = new AddressWatch(ways::remove, (from, to) -> {
            throw new SocketException("closed");
        });
        ways.addAll(List.of(way("192.0.2.1"), way("192.0.2.9")));
        watch.look();
        assertThrows(SocketException.class, watch::look);
    }

    @Test
    void theWayToThisMachineBeginsHere() {
        assertEquals(way("127.0.0.1"), AddressWatch.beginOfWayTo(new InetSocketAddress("127.0.0.1", 4500)));
    }
}
