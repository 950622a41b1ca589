package jkipsec.tcp;

import jkipsec.bytes.RateLimit;
import jkipsec.ip.IpHeader;

/** Answers segments that fit nothing (RFC 9293 §3.10.7.1), so many a second. Confined to the stack's thread. */
final class StrayResets {
    private static final int MOST_A_SECOND = 1000;

    private final TcpStack stack;
    private final RateLimit limit = new RateLimit(MOST_A_SECOND);

    StrayResets(TcpStack stack) {
        this.stack = stack;
    }

    /** Answers a segment by RST, unless too many were. */
    void answer(IpHeader ip, TcpSegment segment, long now) {
        if (limit.tryAcquire(now)) {
            send(ip, segment);
        } else {
            stack.drop(TcpDrop.TOO_MANY_RESETS);
        }
    }

    /** Sends the RST for a segment, which must not be a RST itself. */
    void send(IpHeader ip, TcpSegment segment) {
        TcpHeader header = segment.header();
        TcpHeader reset = segment.has(TcpFlags.ACK)
                ? new TcpHeader(header.destinationPort(), header.sourcePort(), header.acknowledgment(), 0, TcpFlags.RST,
                        0, TcpOptions.NONE)
                : new TcpHeader(header.destinationPort(), header.sourcePort(), 0, header.sequence() + segment.length(),
                        TcpFlags.RST | TcpFlags.ACK, 0, TcpOptions.NONE);
        stack.emit(new TcpAction.Transmit(new TcpSegment(reset).toPacket(ip)));
    }
}
