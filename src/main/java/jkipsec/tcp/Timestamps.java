package jkipsec.tcp;

import static jkipsec.tcp.SequenceNumbers.less;
import static jkipsec.tcp.SequenceNumbers.lessOrEqual;

/**
 * A connection's timestamp clock and what it knows of the peer's (RFC 7323 §3 and §4.3). The clock ticks every
 * millisecond from an offset that depends on the four-tuple and a secret, so that it tells nobody how long the program
 * runs, and still goes on from where it was when a four-tuple is used again (RFC 7323 §7.1, RFC 6191 §2). Confined to
 * the stack's thread.
 */
final class Timestamps {
    static final long TICK_NANOS = 1_000_000;

    /** After this the peer's clock may have gone half its round, and nothing it says is old (RFC 7323 §5.5). */
    private static final long VALID_NANOS = 24L * 24 * 3600 * 1_000_000_000;

    private final int offset;

    /** Snd.TS.OK: whether both SYNs had a timestamp. */
    private boolean inUse;

    /** TS.Recent: what is echoed to the peer. */
    private int recent;

    private long recentSince;

    /** Last.ACK.sent. */
    private int lastAcknowledgment;

    Timestamps(int offset) {
        this.offset = offset;
    }

    /** Whether every segment but a RST must carry a timestamp. */
    boolean inUse() {
        return inUse;
    }

    /** TSval of a segment that leaves now. */
    int value(long now) {
        return (int) Math.floorDiv(now, TICK_NANOS) + offset;
    }

    /** TSecr of a segment with ACK: TS.Recent. */
    int echo() {
        return recent;
    }

    /** The time since this side sent a value that the peer echoes, in nanoseconds; negative when it never did. */
    long since(int echoed, long now) {
        return (value(now) - echoed) * TICK_NANOS;
    }

    /** The peer's SYN had a timestamp, and ours has or will have one. */
    void negotiated(int value, long now) {
        inUse = true;
        recent = value;
        recentSince = now;
    }

    /** PAWS (RFC 7323 §5.3, rule R1): whether a segment was sent before one whose data was acknowledged. */
    boolean isOld(TcpOptions options, long now) {
        return inUse && options.timestamped() && less(options.timestampValue(), recent)
                && now - recentSince <= VALID_NANOS;
    }

    /** A segment with an acknowledgment left. */
    void acknowledged(int acknowledgment) {
        lastAcknowledgment = acknowledgment;
    }

    /** An acceptable segment that is not old arrived (RFC 7323 §4.3, rule 2). */
    void arrived(int sequence, TcpOptions options, long now) {
        if (inUse && options.timestamped() && lessOrEqual(sequence, lastAcknowledgment)) {
            recent = options.timestampValue();
            recentSince = now;
        }
    }
}
