package jkipsec.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketException;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Supplier;
import jkipsec.Tunnel;

/**
 * Notices that this machine's way to the gateway begins at another of its addresses than before, as after a change from
 * one Wi-Fi to another, and lets the tunnel move there. For one thread.
 */
final class AddressWatch {
    static final Option EVERY = Option.one("--watch-address", "SECONDS", "Looks this often which address of this machine"
            + " the way to the gateway begins at, and tells the gateway at once when that is another (MOBIKE)."
            + " Default: the next packet or liveness check has to show it.");

    private static final int DAY = 24 * 3600;

    /** What to do about another address. */
    @FunctionalInterface
    interface Move {
        /**
         * Moves.
         *
         * @param from where the way began
         * @param to where it begins now
         * @throws IOException when there is nothing left to move
         */
        void move(InetAddress from, InetAddress to) throws IOException;
    }

    private final Supplier<Optional<InetAddress>> way;
    private final Move move;
    private Optional<InetAddress> last = Optional.empty();

    /**
     * Watches nothing yet.
     *
     * @param way says where the way begins, or nothing when there is none for the moment
     * @param move what to do when it is elsewhere than before
     */
    AddressWatch(Supplier<Optional<InetAddress>> way, Move move) {
        this.way = way;
        this.move = move;
    }

    /**
     * Takes the argument.
     *
     * @param arguments what was typed
     * @return how often to look, if at all
     * @throws UsageError when it cannot be used
     */
    static Optional<Duration> every(Arguments arguments) throws UsageError {
        Optional<String> typed = arguments.get(EVERY.name());
        return typed.isEmpty() ? Optional.empty() : Optional.of(Values.seconds(EVERY.name(), typed.get(), DAY));
    }

    /**
     * Watches for a tunnel on a thread of its own, which ends an interval after the tunnel at the latest.
     *
     * @param tunnel a client's
     * @param interval how often to look
     * @param journal where moves are noted
     */
    static void start(Tunnel tunnel, Duration interval, Journal journal) {
        var watch = new AddressWatch(() -> beginOfWayTo(tunnel.peer()), (from, to) -> {
            tunnel.move();
            journal.note("moved from %s to %s", Units.literal(from), Units.literal(to));
        });
        Thread.ofVirtual().name("address watch").start(() -> {
            try {
                while (tunnel.isOpen()) {
                    watch.look();
                    Thread.sleep(interval);
                }
            } catch (IOException | InterruptedException ended) {
                // There is nothing to watch for any more.
            } catch (RuntimeException fault) {
                journal.note("moves with this machine no more: %s", fault);
            }
        });
    }

    /**
     * Looks once.
     *
     * @throws IOException when there is nothing left to move
     */
    void look() throws IOException {
        Optional<InetAddress> now = way.get();
        if (now.isEmpty()) {
            // Between two networks; the address counts that comes after it.
            return;
        }
        Optional<InetAddress> before = last;
        last = now;
        if (before.isPresent() && !before.equals(now)) {
            move.move(before.get(), now.get());
        }
    }

    /**
     * The address from which this machine would send. Nothing is sent.
     *
     * @param peer to whom
     * @return the address, or nothing when there is no way
     */
    static Optional<InetAddress> beginOfWayTo(InetSocketAddress peer) {
        try (var socket = new DatagramSocket()) {
            socket.connect(peer);
            InetAddress local = socket.getLocalAddress();
            return local.isAnyLocalAddress() ? Optional.empty() : Optional.of(local);
        } catch (SocketException | UncheckedIOException none) {
            return Optional.empty();
        }
    }
}
