package jkipsec.tcp;

import jkipsec.bytes.PacketBuffer;
import jkipsec.ip.IpHeader;
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

    /** With so many segments together a peer's slow start loses nothing to those not sent (RFC 9406 §4.2). */
    private static final int MOST_HELD = 8;

    /** Whether an acknowledgment must leave before the present call ends. */
    private boolean acknowledgeNow;

    /** Whether one must leave when the packets at hand have been taken in: {@link TcpStack#hold}. */
    private boolean acknowledgmentHeld;

    private final QuickAcknowledgment quick;

    /** Segments with data that arrived since the last acknowledgment left. */
    private int unacknowledgedSegments;

    Transmitter(TcpConnection connection) {
        this.connection = connection;
        send = connection.send;
        receive = connection.receive;
        quick = new QuickAcknowledgment(
                connection.stack.config().quickAcknowledgments(), connection.stack.delayedAckNanos());
    }

    /** Sends a SYN, with ACK when the peer's has arrived (RFC 9293 §3.10.1, §3.10.7.2). */
    void sendSyn(long now) {
        boolean answer = connection.state == TcpState.SYN_RECEIVED;
        connection.retransmission.synSent(now);
        int flags = answer ? TcpFlags.SYN | TcpFlags.ACK : TcpFlags.SYN;
        flags |= connection.ecn.synFlags(connection.stack.config().ecn(), answer, connection.retransmission.retries());
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
        if (quick.arrived(now, connection.retransmission.timeout()) | ++unacknowledgedSegments >= 2) {
            acknowledgmentHeld = unacknowledgedSegments < MOST_HELD && connection.stack.holds(connection);
            acknowledgeNow |= !acknowledgmentHeld;
        } else if (!connection.timers.isSet(Timer.DELAYED_ACK)) {
            connection.timers.set(Timer.DELAYED_ACK, now + connection.stack.delayedAckNanos());
        }
    }

    /** Acknowledges what was held back while more might have come at once. */
    void settle(long now) {
        if (acknowledgmentHeld && !connection.isOver()) {
            acknowledgeNow = true;
            output(now);
        }
    }

    /** Data is missing, or some that was missing arrived: the peer must know at once (RFC 5681 §4.2). */
    void acknowledgeDisorder(long now) {
        quick.disordered(now);
        acknowledgeNow = true;
    }

    /**
     * Answers a segment that may come from an attacker, or from a peer that would answer again, with an acknowledgment;
     * not too often (RFC 5961 §7).
     */
    void challenge(long now) {
        if (connection.challenges.tryAcquire(now) && connection.stack.permitsChallenge(now)) {
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

    /** Sends what may be sent: data and FIN as far as both windows go, and an acknowledgment that is due. */
    void output(long now) {
        if (connection.state.canTransmit()) {
            connection.sender.output(now);
        }
        if (acknowledgeNow) {
            sendAcknowledgment(now);
        }
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

    /**
     * Sends octets from the buffer.
     *
     * @param sequence where they begin
     * @param length how many, perhaps none
     * @param fin whether the FIN follows them
     * @param isNew whether they were never sent before
     */
    void sendData(int sequence, int length, boolean fin, boolean isNew, long now) {
        int flags = TcpFlags.ACK;
        if (fin) {
            flags |= TcpFlags.FIN;
        }
        if (length > 0 && sequence + length == send.end()) {
            flags |= TcpFlags.PSH;
        }
        boolean capable = isNew && length > 0 && connection.ecn.inUse();
        if (capable) {
            flags |= connection.ecn.dataFlags();
        }
        // RFC 3168 §6.1.4 to §6.1.6: only what carries new data is marked as capable.
        transmit(header(sequence, flags, length, now), capable ? connection.capableIp : connection.ip, length);
    }

    private TcpHeader header(int sequence, int flags, int length, long now) {
        FourTuple tuple = connection.tuple;
        if (length > 0) {
            quick.sent(now);
        }
        int echo = (flags & TcpFlags.RST) != 0 ? 0 : connection.ecn.acknowledgmentFlags();
        return new TcpHeader(tuple.localPort(), tuple.remotePort(), sequence, receive.next, flags | echo,
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
        transmit(header, connection.ip, length);
    }

    private void transmit(TcpHeader header, IpHeader ip, int length) {
        int headerLength = header.length();
        PacketBuffer packet = ip.allocate(headerLength + length);
        if (length > 0) {
            int at = packet.offset() + ip.length() + headerLength;
            send.copy(header.sequence(), packet.array(), at, length);
        }
        TcpSegment.seal(packet, ip, header);
        connection.stack.emit(new TcpAction.Transmit(packet));
        if (header.has(TcpFlags.ACK)) {
            acknowledgeNow &= connection.selective && !receive.sack.isEmpty() && header.options().sack().isEmpty();
            quick.acknowledged(unacknowledgedSegments);
            unacknowledgedSegments = 0;
            acknowledgmentHeld = false;
            connection.timestamps.acknowledged(header.acknowledgment());
            connection.timers.clear(Timer.DELAYED_ACK);
        }
    }
}
