package jkipsec.cli;

import java.io.IOException;
import java.net.ConnectException;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;

/** Finds out what is behind a TCP port. */
final class PortProbe {
    /** How long a service that speaks first is given before it is asked something. */
    private static final Duration GREETING = Duration.ofMillis(500);

    /** What a silent service is asked: a web server answers it, and most others at least complain. */
    private static final byte[] QUESTION = "HEAD / HTTP/1.0\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

    private static final int SHOWN = 48;

    private PortProbe() {}

    /** Makes the connection. */
    @FunctionalInterface
    interface Connector {
        /**
         * Connects.
         *
         * @return a connected socket
         * @throws IOException when it cannot
         */
        Socket connect() throws IOException;
    }

    /** What became of the attempt. */
    sealed interface Answer {
        /**
         * Says it.
         *
         * @return a phrase for the journal
         */
        String describe();

        /**
         * Whether a connection was made.
         *
         * @return true when it was
         */
        default boolean isOpen() {
            return this instanceof Open;
        }
    }

    /**
     * Something accepted the connection.
     *
     * @param first the first octets it sent, perhaps none
     * @param ended whether it closed the connection
     */
    record Open(byte[] first, boolean ended) implements Answer {
        @Override
        public String describe() {
            String closing = ended ? ", then closed" : "";
            return first.length == 0
                    ? "open, said nothing" + closing
                    : "open, said " + printable(first) + closing;
        }
    }

    /** Nothing listens there. */
    record Refused() implements Answer {
        @Override
        public String describe() {
            return "refused";
        }
    }

    /** Nothing came back at all. */
    record TimedOut() implements Answer {
        @Override
        public String describe() {
            return "timed out";
        }
    }

    /**
     * Something else went wrong.
     *
     * @param why what
     */
    record Failed(String why) implements Answer {
        @Override
        public String describe() {
            return "failed: " + why;
        }
    }

    /**
     * Connects and listens; when nothing is said, asks.
     *
     * @param connector makes the connection
     * @param limit how long to wait for words
     * @return what became of it
     */
    static Answer probe(Connector connector, Duration limit) {
        try (Socket socket = connector.connect()) {
            return talk(socket, limit);
        } catch (SocketTimeoutException silent) {
            return new TimedOut();
        } catch (ConnectException refused) {
            return new Refused();
        } catch (IOException failed) {
            return new Failed(failed.getMessage());
        }
    }

    private static Answer talk(Socket socket, Duration limit) {
        byte[] buffer = new byte[SHOWN];
        try {
            int count;
            try {
                socket.setSoTimeout((int) Math.min(GREETING.toMillis(), limit.toMillis()));
                count = socket.getInputStream().read(buffer);
            } catch (SocketTimeoutException waits) {
                socket.getOutputStream().write(QUESTION);
                socket.setSoTimeout((int) limit.toMillis());
                count = socket.getInputStream().read(buffer);
            }
            return new Open(Arrays.copyOf(buffer, Math.max(count, 0)), count < 0);
        } catch (SocketTimeoutException silent) {
            return new Open(new byte[0], false);
        } catch (IOException broken) {
            return new Open(new byte[0], true);
        }
    }

    /** What a device says is not to be trusted with a terminal: whatever is not plain ASCII is shown as hexadecimal. */
    private static String printable(byte[] octets) {
        var text = new StringBuilder("\"");
        for (byte octet : octets) {
            switch (octet) {
                case '\r' -> text.append("\\r");
                case '\n' -> text.append("\\n");
                case '"', '\\' -> text.append('\\').append((char) octet);
                default -> text.append(octet >= ' ' && octet < 0x7f
                        ? String.valueOf((char) octet)
                        : String.format("\\x%02x", octet));
            }
        }
        return text.append('"').toString();
    }
}
