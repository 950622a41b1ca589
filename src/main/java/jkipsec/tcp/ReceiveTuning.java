package jkipsec.tcp;

import static jkipsec.tcp.SequenceNumbers.less;

/**
 * The size of a connection's receive buffer by dynamic right-sizing: about twice what the application consumes in a
 * round trip, so that the window never limits a sender that still doubles its own. The round trip is measured from here,
 * by the echo of our timestamps or else by the time in which a whole window arrives. Confined to the stack's thread.
 */
final class ReceiveTuning {
    private static final int INITIAL_SEGMENTS = 10;

    private final TcpConnection connection;
    private final ReceiveSequence receive;
    private boolean fixed;
    private long roundTrip = -1;
    private boolean measuring;
    private int measuredEnd;
    private long measuredSince;

    /** Octets consumed since a moment, and the most so far in one round trip. */
    private long consumed;
    private long since;
    private long most;

    ReceiveTuning(TcpConnection connection) {
        this.connection = connection;
        receive = connection.receive;
    }

    /** Data arrived in order, and is counted in RCV.NXT. */
    void arrived(TcpOptions options, long now) {
        if (fixed) {
            return;
        }
        if (connection.timestamps.inUse()) {
            long sample = connection.timestamps.since(options.timestampEcho(), now);
            if (options.timestampEcho() != 0 && sample >= 0) {
                sample(Math.max(sample, Timestamps.TICK_NANOS));
            }
        } else if (!measuring || !less(receive.next, measuredEnd)) {
            if (measuring) {
                sample(Math.max(now - measuredSince, 1));
            }
            measuring = true;
            measuredEnd = receive.next + receive.window();
            measuredSince = now;
        }
    }

    /** The shortest counts at once; when it has become longer, that is believed slowly: a sender's pause seems so too. */
    private void sample(long time) {
        roundTrip = roundTrip < 0 || time < roundTrip ? time : roundTrip + (time - roundTrip) / 8;
    }

    /** The application has consumed. */
    void consumed(int octets, long now) {
        consumed += octets;
        if (fixed || roundTrip < 0 || now - since < roundTrip) {
            return;
        }
        if (most == 0) {
            most = (long) INITIAL_SEGMENTS * connection.segmentSize();
        }
        if (consumed > most && since != 0) {
            long wanted = 2 * consumed + 16L * connection.segmentSize();
            wanted += wanted * (consumed - most) / most; // growing as it has grown since the last round trip
            receive.grow((int) Math.min(wanted, connection.stack.config().receiveBuffer()));
            most = consumed;
        }
        consumed = 0;
        since = now;
    }

    /** The application wants this size and no other. */
    void fix(int octets) {
        fixed = true;
        receive.resize(Math.max(1, Math.min(octets, connection.stack.config().receiveBuffer())));
    }
}
