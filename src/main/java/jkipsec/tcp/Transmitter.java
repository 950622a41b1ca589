package jkipsec.tcp;

import static jkipsec.tcp.SequenceNumbers.less;

import jkipsec.bytes.PacketBuffer;
import jkipsec.tcp.Timers.Timer;

/**
 * Decides what a connection sends and when (RFC 9293 §3.8), and makes the segments. Confined to the stack's thread.
 */
final class Transmitter {
    /** With so many segments' room the peer can go on until an acknowledgment that is due anyway. */
    private static final int WIDE_WINDOW = 16;

    private final TcpConnection connection;
    private final SendSequence send;
    private final ReceiveSequence receive;

    /** Whether an acknowledgment must leave before the present call ends. */
    private boolean acknowledgeNow;

    /** Segments with data that arrived since the last acknowledgment left. */
    private int unacknowledgedSegments;

    /** Whether the congestion window, and nothing else, ended the last transmission. */
    private boolean congestionLimited;

    private long lastData;

    Transmitter(TcpConnection connection) {
        this.connection = connection;
        send = connection.send;
        receive = connection.receive;
    }

    /** Sends a SYN, with ACK when the peer's has arrived (RFC 9293 §3.10.1, §3.10.7.2). */
    void sendSyn(long now) {
        boolean answer = connection.state == TcpState.SYN_RECEIVED;
        if (connection.timers.isSet(Timer.RETRANSMIT) || connection.retransmission.retries() > 0) {
            connection.retransmission.sentAgain(send.next);
        } else {
            connection.retransmission.sent(send.initial + 1, now);
        }
        int flags = answer ? TcpFlags.SYN | TcpFlags.ACK : TcpFlags.SYN;
        transmit(new TcpHeader(connection.tuple.localPort(), connection.tuple.remotePort(), send.initial,
                answer ? receive.next : 0, flags, receive.synWindowField(), synOptions(answer, now)), 0);
        if (!connection.timers.isSet(Timer.RETRANSMIT)) { // a SYN repeated by the peer must not put off the end
            connection.timers.set(Timer.RETRANSMIT, now + connection.retransmission.timeout());
        }
    }

    /** What a SYN offers; an answer only what the peer has offered (RFC 7323 §1.3 and §3.2, RFC 2018 §2). */
    private TcpOptions synOptions(boolean answer, long now) {
        TcpConfig config = connection.stack.config();
        Timestamps timestamps = connection.timestamps;
        boolean timestamped = answer ? timestamps.inUse() : config.timestamps();
        return new TcpOptions(connection.stack.segmentSize(connection.tuple.local()),
                answer && !connection.peerScales ? TcpOptions.ABSENT : receive.offeredScale,
                answer ? connection.selective : config.selectiveAcknowledgment(),
                timestamped, timestamped ? timestamps.value(now) : 0, timestamped && answer ? timestamps.echo() : 0,
                SackBlocks.NONE);
    }

    /** Makes sure that an acknowledgment leaves before the present call ends. */
    void acknowledgeNow() {
        acknowledgeNow = true;
    }

    /** A segment with new data arrived in order: every second one is acknowledged at once (RFC 5681 §4.2). */
    void acknowledgeSoon(long now) {
        if (++unacknowledgedSegments >= 2) {
            acknowledgeNow = true;
        } else if (!connection.timers.isSet(Timer.DELAYED_ACK)) {
            connection.timers.set(Timer.DELAYED_ACK, now + connection.stack.delayedAckNanos());
        }
    }

    /**
     * Answers a segment that may come from an attacker, or from a peer that would answer again, with an acknowledgment;
     * not too often (RFC 5961 §7).
     */
    void challenge(long now) {
        if (connection.challenges.permits(now)) {
            acknowledgeNow = true;
        }
    }

    /** The application has consumed: tells the peer when that makes the window much larger (RFC 9293 §3.8.6.2.2). */
    void windowUpdate(long now) {
        int opening = receive.opening(connection.segmentSize());
        boolean canWait = connection.timers.isSet(Timer.DELAYED_ACK)
                && receive.window() >= WIDE_WINDOW * connection.segmentSize();
        if (opening > 0 && opening >= receive.window() && !canWait) {
            acknowledgeNow = true;
            output(now);
        }
    }

    /** Whether acknowledgments may make the congestion window larger: it was in full use. */
    boolean usedFully(int flight) {
        CongestionControl control = connection.recovery.control();
        return congestionLimited || control.inSlowStart() && control.window() < 2 * flight;
    }

    /** Sends what may be sent: data and FIN as far as both windows go, and an acknowledgment that is due. */
    void output(long now) {
        if (connection.state.canTransmit()) {
            sendData(now);
            armTimer(now);
        }
        if (acknowledgeNow) {
            sendAcknowledgment(now);
        }
    }

    private void sendData(long now) {
        if (!send.hasUnsent()) {
            congestionLimited = false;
            return;
        }
        LossRecovery recovery = connection.recovery;
        if (send.inFlight() == 0 && now - lastData > connection.retransmission.timeout()) {
            recovery.idled();
        }
        int segmentSize = connection.segmentSize();
        int congestionWindow = recovery.window();
        while (send.hasUnsent()) {
            int flight = send.inFlight();
            int unsent = send.unsent();
            int usable = Math.min(congestionWindow, send.window) - flight;
            int length = Math.min(Math.min(unsent, usable), segmentSize);
            boolean all = length == unsent;
            boolean fin = all && send.finUnsent() && send.window - flight > length;
            if (length < 0 || length == 0 && !fin || !worthSending(length, all)) {
                break;
            }
            sendAt(send.point, length, fin, now);
            send.advance(fin ? length + 1 : length);
            lastData = now;
        }
        congestionLimited = send.hasUnsent() && congestionWindow - send.inFlight() < segmentSize
                && congestionWindow < send.window;
    }

    /**
     * The sender's silly window avoidance together with Nagle's algorithm (RFC 9293 §3.8.6.2.1, rules 1 to 3).
     *
     * @param all whether the segment takes everything that is queued, which then counts as pushed
     */
    private boolean worthSending(int length, boolean all) {
        if (length >= connection.segmentSize() || less(send.point, send.next)) {
            return true;
        }
        boolean mayBeSmall = connection.noDelay || send.finQueued || send.inFlight() == 0;
        return mayBeSmall && (all || length >= (send.largestWindow + 1) / 2);
    }

    /** Sees that something wakes the connection as long as anything is unsent or unacknowledged. */
    private void armTimer(long now) {
        Timers timers = connection.timers;
        if (send.inFlight() > 0) {
            timers.clear(Timer.PERSIST);
            if (!timers.isSet(Timer.RETRANSMIT)) {
                timers.set(Timer.RETRANSMIT, now + connection.retransmission.timeout());
            }
            return;
        }
        timers.clear(Timer.RETRANSMIT);
        if (!send.hasUnsent()) {
            timers.clear(Timer.PERSIST);
        } else if (!timers.isSet(Timer.PERSIST)) {
            timers.set(Timer.PERSIST, now + connection.retransmission.timeout());
        }
    }

    /** Something new was acknowledged: the timer starts again, or stops (RFC 6298 §5.2 and §5.3). */
    void restartTimer(long now) {
        if (send.inFlight() > 0) {
            connection.timers.set(Timer.RETRANSMIT, now + connection.retransmission.timeout());
        } else {
            connection.timers.clear(Timer.RETRANSMIT);
        }
    }

    /** Sends the first unacknowledged segment again. */
    void sendFirstAgain(long now) {
        int sent = send.next - send.unacknowledged;
        int data = send.end() - send.unacknowledged;
        int length = Math.min(Math.min(data, sent), connection.segmentSize());
        boolean fin = send.finQueued && length == data && sent > length;
        connection.retransmission.sentAgain(send.next);
        if (length > 0 || fin) {
            sendAt(send.unacknowledged, length, fin, now);
        }
    }

    /**
     * Sends although the window does not allow it, or makes it silly: at least one octet, or the FIN (RFC 9293
     * §3.8.6.1, and rule 4 of §3.8.6.2.1).
     */
    void probe(long now) {
        int allowed = Math.min(send.window, connection.segmentSize());
        int length = Math.min(send.unsent(), Math.max(allowed, 1));
        boolean fin = length == 0;
        sendAt(send.unacknowledged, length, fin, now);
        if (allowed > 0) {
            send.advance(fin ? 1 : length);
        } else {
            send.probed();
        }
        connection.retransmission.sentAgain(send.next);
        armTimer(now);
    }

    /** Sends a segment the peer must answer because it is old (RFC 9293 §3.8.4). */
    void sendKeepAlive(long now) {
        sendEmpty(send.unacknowledged - 1, TcpFlags.ACK, now);
    }

    /** Sends a RST the peer accepts if it has everything sent so far, and challenges otherwise. */
    void sendReset(long now) {
        acknowledgeNow = false;
        sendEmpty(send.emptySegmentSequence(), TcpFlags.RST | TcpFlags.ACK, now);
    }

    private void sendAcknowledgment(long now) {
        sendEmpty(send.emptySegmentSequence(), TcpFlags.ACK, now);
    }

    private void sendEmpty(int sequence, int flags, long now) {
        transmit(header(sequence, flags, 0, now), 0);
    }

    /** Sends octets from the buffer that begin at a sequence number, perhaps none, perhaps with FIN. */
    private void sendAt(int sequence, int length, boolean fin, long now) {
        int flags = TcpFlags.ACK;
        if (fin) {
            flags |= TcpFlags.FIN;
        }
        if (length > 0 && sequence + length == send.end()) {
            flags |= TcpFlags.PSH;
        }
        if (less(sequence, send.next)) {
            connection.retransmission.sentAgain(send.next);
        } else {
            connection.retransmission.sent(sequence + length + (fin ? 1 : 0), now);
        }
        transmit(header(sequence, flags, length, now), length);
    }

    private TcpHeader header(int sequence, int flags, int length, long now) {
        FourTuple tuple = connection.tuple;
        return new TcpHeader(tuple.localPort(), tuple.remotePort(), sequence, receive.next, flags,
                receive.windowField(connection.segmentSize()), options(flags, length, now));
    }

    /** The options of a segment after the SYN. */
    private TcpOptions options(int flags, int length, long now) {
        Timestamps timestamps = connection.timestamps;
        TcpOptions options = timestamps.inUse()
                ? TcpOptions.timestamp(timestamps.value(now), timestamps.echo())
                : TcpOptions.NONE;
        if (!connection.selective || receive.sack.isEmpty() || (flags & TcpFlags.RST) != 0) {
            return options;
        }
        SackBlocks blocks = receive.sack.blocks(
                TcpOptions.roomForBlocks(timestamps.inUse()), receive.finSeen, receive.fin);
        TcpOptions selective = options.withSack(blocks);
        // A full segment has no room for them: an acknowledgment that is due follows it.
        if (length > 0 && length + selective.length() - options.length() > connection.segmentSize()) {
            return options;
        }
        receive.sack.reported();
        return selective;
    }

    private void transmit(TcpHeader header, int length) {
        int headerLength = header.length();
        PacketBuffer packet = connection.ip.allocate(headerLength + length);
        if (length > 0) {
            int at = packet.offset() + connection.ip.length() + headerLength;
            send.copy(header.sequence(), packet.array(), at, length);
        }
        TcpSegment.seal(packet, connection.ip, header);
        connection.stack.emit(new TcpAction.Transmit(packet));
        if (header.has(TcpFlags.ACK)) {
            acknowledgeNow &= connection.selective && !receive.sack.isEmpty() && header.options().sack().isEmpty();
            unacknowledgedSegments = 0;
            connection.timestamps.acknowledged(header.acknowledgment());
            connection.timers.clear(Timer.DELAYED_ACK);
        }
    }
}
