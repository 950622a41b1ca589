package jkipsec.tcp;

/**
 * The states of a connection (RFC 9293 §3.3.2). LISTEN is not among them: a {@link TcpListener} is another thing than a
 * connection.
 */
public enum TcpState {
    /** We sent SYN and wait for the peer's. */
    SYN_SENT,
    /** We had the peer's SYN, sent ours, and wait for its acknowledgment. */
    SYN_RECEIVED,
    /** Open both ways. */
    ESTABLISHED,
    /** We sent FIN, or will when the data before it is out; the peer did not. */
    FIN_WAIT_1,
    /** Our FIN is acknowledged; the peer may still send. */
    FIN_WAIT_2,
    /** The peer sent FIN; we may still send. */
    CLOSE_WAIT,
    /** Both sent FIN at the same time; ours is not acknowledged. */
    CLOSING,
    /** The peer sent FIN first, then we; ours is not acknowledged. */
    LAST_ACK,
    /** All is done; late segments are waited for. */
    TIME_WAIT,
    /** No connection any more. */
    CLOSED;

    /** Whether the peer may still send data. */
    boolean canReceive() {
        return this == ESTABLISHED || this == FIN_WAIT_1 || this == FIN_WAIT_2;
    }

    /** Whether the handshake is over and something of ours, data or FIN, may still have to be sent again. */
    boolean canTransmit() {
        return switch (this) {
            case ESTABLISHED, CLOSE_WAIT, FIN_WAIT_1, CLOSING, LAST_ACK -> true;
            default -> false;
        };
    }
}
