package jkipsec.tcp;

import static jkipsec.tcp.SequenceNumbers.inWindow;
import static jkipsec.tcp.SequenceNumbers.less;
import static jkipsec.tcp.SequenceNumbers.lessOrEqual;

import jkipsec.tcp.Timers.Timer;

/**
 * What a segment does to the connection it belongs to: RFC 9293 §3.10.7.3 and §3.10.7.4, in their order. A segment for
 * no connection, §3.10.7.1 and §3.10.7.2, is the business of {@link TcpStack}.
 *
 * <p>The third step, security and compartment, does not exist here: a tunnel carries one security level. In the sixth
 * step urgent data is read inline.
 */
final class SegmentArrives {
    private final TcpConnection connection;
    private final SendSequence send;
    private final ReceiveSequence receive;
    private final Transmitter transmitter;
    private final boolean marked;
    private final long now;

    private SegmentArrives(TcpConnection connection, boolean marked, long now) {
        this.connection = connection;
        this.marked = marked;
        this.now = now;
        send = connection.send;
        receive = connection.receive;
        transmitter = connection.transmitter;
    }

    /**
     * Processes one segment and sends what follows from it.
     *
     * @param marked whether the network has marked its packet (RFC 3168 §5)
     */
    static void process(TcpConnection connection, TcpSegment segment, boolean marked, long now) {
        var step = new SegmentArrives(connection, marked, now);
        if (connection.state == TcpState.SYN_SENT) {
            step.inSynSent(segment);
        } else {
            step.inOtherStates(segment);
        }
        if (connection.state != TcpState.CLOSED) {
            connection.transmitter.output(now);
        }
    }

    /** RFC 9293 §3.10.7.3. */
    private void inSynSent(TcpSegment segment) {
        // First, check the ACK bit.
        boolean acknowledged = segment.has(TcpFlags.ACK);
        if (acknowledged && segment.acknowledgment() != send.next) {
            drop(TcpDrop.BAD_ACKNOWLEDGMENT);
            if (!segment.has(TcpFlags.RST)) {
                connection.stack.resets().answer(connection.ip, segment, now);
            }
            return;
        }
        // Second, check the RST bit.
        if (segment.has(TcpFlags.RST)) {
            if (acknowledged) {
                connection.end(TcpEnd.REFUSED);
            } else {
                drop(TcpDrop.BAD_RESET);
            }
            return;
        }
        // Fourth, check the SYN bit.
        if (!segment.has(TcpFlags.SYN) || segment.has(TcpFlags.FIN) && !acknowledged) {
            drop(TcpDrop.BAD_FLAGS);
            return;
        }
        connection.synchronise(segment, now);
        if (!acknowledged) {
            connection.state = TcpState.SYN_RECEIVED; // both opened at the same time (§3.5, figure 7)
            transmitter.sendSyn(now);
            return;
        }
        connection.retransmission.synAcknowledged(now);
        send.acknowledgeSyn();
        connection.established(now);
        transmitter.acknowledgeNow();
        TcpSegment rest = segment.trimmedTo(receive.next, receive.edge());
        text(rest);
        fin(rest);
    }

    /** RFC 9293 §3.10.7.4. */
    private void inOtherStates(TcpSegment arrived) {
        if (connection.timestamps.inUse() && !arrived.header().options().timestamped() && !arrived.has(TcpFlags.RST)) {
            drop(TcpDrop.NO_TIMESTAMP); // RFC 7323 §3.2
            return;
        }
        if (!arrived.has(TcpFlags.RST) && connection.timestamps.isOld(arrived.header().options(), now)) {
            unacceptable(arrived, receive.next - arrived.sequence(), TcpDrop.OLD_TIMESTAMP);
            return;
        }
        TcpSegment segment = checkSequence(arrived);
        if (segment == null || !checkReset(segment) || !checkSyn(segment) || !checkAcknowledgment(segment)) {
            return;
        }
        text(segment);
        fin(segment);
    }

    /** First, check the sequence number: gives the part of the segment that is in the window, null when none is. */
    private TcpSegment checkSequence(TcpSegment segment) {
        int sequence = segment.sequence();
        int length = segment.length();
        int window = receive.window();
        int ahead = receive.next - sequence;
        boolean acceptable = length == 0
                ? window == 0 ? ahead == 0 : inWindow(sequence, receive.next, window)
                : inWindow(sequence, receive.next, window)
                        || inWindow(sequence + length - 1, receive.next, window)
                        || window > 0 && ahead > 0 && less(receive.next, sequence + length);
        if (!acceptable && window == 0 && ahead == 0) {
            // The allowance for valid ACKs and RSTs while the window is shut: leave out what it has no room for.
            drop(TcpDrop.OUT_OF_WINDOW);
            if (!segment.has(TcpFlags.RST)) {
                transmitter.acknowledgeNow();
            }
            return segment.has(TcpFlags.SYN) ? segment : segment.trimmedTo(receive.next, receive.next);
        }
        if (!acceptable) {
            unacceptable(segment, ahead, ahead > 0 ? TcpDrop.DUPLICATE : TcpDrop.OUT_OF_WINDOW);
            return null;
        }
        connection.timestamps.arrived(sequence, segment.header().options(), now);
        if (segment.payloadLength() > 0 && connection.ecn.dataArrived(marked, segment.has(TcpFlags.CWR))) {
            transmitter.acknowledgeNow();
        }
        if (segment.has(TcpFlags.RST) || segment.has(TcpFlags.SYN)) {
            return segment; // judged by where it begins
        }
        if (ahead > 0) {
            reportDuplicate(sequence, SequenceNumbers.min(sequence + segment.payloadLength(), receive.next));
        }
        return ahead <= 0 && lessOrEqual(sequence + length, receive.edge())
                ? segment
                : segment.trimmedTo(receive.next, receive.edge());
    }

    private void unacceptable(TcpSegment segment, int ahead, TcpDrop reason) {
        if (segment.has(TcpFlags.RST)) {
            drop(TcpDrop.BAD_RESET);
            return;
        }
        drop(reason);
        if (segment.has(TcpFlags.SYN)) {
            if (connection.state == TcpState.SYN_RECEIVED && segment.sequence() == receive.initial
                    && !segment.has(TcpFlags.ACK)) {
                // The peer sends its SYN again: our answer was lost.
                if (connection.challenges.tryAcquire(now)) {
                    transmitter.sendSyn(now);
                }
            } else {
                transmitter.challenge(now);
            }
            return;
        }
        connection.keepAlive.heard(now);
        if (connection.state == TcpState.TIME_WAIT && segment.has(TcpFlags.FIN)) {
            // "The only thing that can arrive": our acknowledgment of the FIN was lost.
            connection.timers.set(Timer.TIME_WAIT, now + connection.stack.timeWaitNanos());
        }
        if (segment.length() > 0) {
            if (ahead > 0) {
                int end = segment.sequence() + segment.payloadLength();
                reportDuplicate(segment.sequence(), SequenceNumbers.min(end, receive.next));
            }
            transmitter.acknowledgeNow();
        } else {
            transmitter.challenge(now); // two confused peers must not answer each other for ever
        }
    }

    /** RFC 2883 §4: tells the peer what it sent for nothing. */
    private void reportDuplicate(int left, int right) {
        if (connection.selective && less(left, right)) {
            receive.sack.duplicate(left, right);
            transmitter.acknowledgeNow();
        }
    }

    /** Second, check the RST bit (RFC 5961 §3.2): false when the segment was one. */
    private boolean checkReset(TcpSegment segment) {
        if (!segment.has(TcpFlags.RST)) {
            return true;
        }
        if (segment.sequence() != receive.next) {
            drop(TcpDrop.BAD_RESET);
            if (less(receive.next, segment.sequence())) {
                transmitter.challenge(now);
            }
            return false;
        }
        switch (connection.state) {
            // Opened passively, nobody hears of it: "return this connection to LISTEN state".
            case SYN_RECEIVED -> connection.end(TcpEnd.REFUSED);
            case LAST_ACK, CLOSING, TIME_WAIT -> connection.end(send.finAcknowledged() ? TcpEnd.NORMAL : TcpEnd.RESET);
            default -> connection.end(TcpEnd.RESET);
        }
        return false;
    }

    /** Fourth, check the SYN bit (RFC 5961 §4.2): false when it is set, whatever the sequence number. */
    private boolean checkSyn(TcpSegment segment) {
        if (segment.has(TcpFlags.SYN)) {
            drop(TcpDrop.UNEXPECTED_SYN);
            if (connection.state == TcpState.SYN_RECEIVED && connection.listener != null) {
                connection.end(TcpEnd.REFUSED); // RFC 9293: "return this connection to the LISTEN state"
                return false;
            }
            transmitter.challenge(now);
            return false;
        }
        return true;
    }

    /** Fifth, check the ACK field: false when the rest of the segment must not be used. */
    private boolean checkAcknowledgment(TcpSegment segment) {
        if (!segment.has(TcpFlags.ACK)) {
            drop(TcpDrop.BAD_FLAGS);
            return false;
        }
        int acknowledgment = segment.acknowledgment();
        if (connection.state == TcpState.SYN_RECEIVED) {
            if (acknowledgment != send.next) {
                drop(TcpDrop.BAD_ACKNOWLEDGMENT);
                connection.stack.resets().answer(connection.ip, segment, now);
                return false;
            }
            if (connection.listener != null && connection.listener.isFull()) {
                drop(TcpDrop.BACKLOG_FULL); // our SYN is sent again, and acknowledged again
                return false;
            }
            connection.retransmission.synAcknowledged(now);
            send.acknowledgeSyn();
            send.setWindow(segment, send.scale);
            connection.established(now);
            return true;
        }
        // RFC 5961 §5.2. An old duplicate within the peer's largest window does no harm.
        if (less(acknowledgment, send.unacknowledged - send.largestWindow) || !send.wasSent(acknowledgment)) {
            drop(TcpDrop.BAD_ACKNOWLEDGMENT);
            transmitter.challenge(now);
            return false;
        }
        connection.keepAlive.heard(now);
        if (connection.recovery != null && connection.state.canTransmit()) {
            AcknowledgmentArrives.process(connection, segment, now);
        }
        return connection.state != TcpState.CLOSED;
    }

    /** Seventh, process the segment text. */
    private void text(TcpSegment segment) {
        // A peer that contradicts itself may send data beyond its FIN.
        int length = receive.finSeen
                ? Math.min(segment.payloadLength(), receive.fin - segment.sequence())
                : segment.payloadLength();
        if (length <= 0 || !connection.state.canReceive()) {
            return;
        }
        if (connection.applicationClosed) {
            drop(TcpDrop.AFTER_CLOSE);
            connection.reset(TcpEnd.ABORTED_LOCALLY, now);
            return;
        }
        if (segment.sequence() != receive.next) {
            transmitter.acknowledgeDisorder(now);
            hold(segment, length);
            return;
        }
        if (!receive.hasMemoryFor(length) && !receive.pruneFor(length)) {
            drop(TcpDrop.NO_MEMORY);
            transmitter.acknowledgeNow();
            return;
        }
        if (receive.reassembly.isEmpty()) {
            connection.deliver(segment.array(), segment.payloadOffset(), length);
            connection.receiveTuning.arrived(segment.header().options(), now);
            transmitter.acknowledgeSoon(now);
            return;
        }
        if (connection.selective) {
            receive.reassembly.findDuplicate(segment.sequence(), segment.sequence() + length, receive.sack);
        }
        connection.deliver(segment.array(), segment.payloadOffset(), length);
        transmitter.acknowledgeDisorder(now);
        byte[] following = receive.reassembly.take(receive.next);
        int most = receive.finSeen ? receive.fin - receive.next : following.length;
        if (following.length > 0 && most > 0) {
            connection.deliver(following, 0, Math.min(following.length, most));
        }
    }

    private void hold(TcpSegment segment, int length) {
        int sequence = segment.sequence();
        if (connection.selective) {
            receive.reassembly.findDuplicate(sequence, sequence + length, receive.sack);
        }
        if (!receive.reassembly.hasMemoryFor(length)) {
            drop(TcpDrop.NO_MEMORY);
        } else if (!receive.reassembly.insert(receive.next, sequence, segment.array(), segment.payloadOffset(), length)) {
            drop(TcpDrop.TOO_MANY_GAPS);
        } else if (connection.selective) {
            receive.sack.arrived(sequence);
        }
    }

    /** Eighth, check the FIN bit: it counts when everything before it has arrived. */
    private void fin(TcpSegment segment) {
        if (!connection.state.canReceive()) {
            return;
        }
        if (segment.has(TcpFlags.FIN)) {
            if (!receive.finSeen) {
                receive.finSeen = true;
                receive.fin = segment.sequence() + segment.payloadLength();
            }
            transmitter.acknowledgeNow();
        }
        if (!receive.finSeen || receive.fin != receive.next) {
            return;
        }
        receive.next++;
        receive.reassembly.clear();
        if (!connection.applicationClosed) {
            connection.stack.emit(new TcpAction.EndOfStream(connection));
        }
        switch (connection.state) {
            case ESTABLISHED -> connection.state = TcpState.CLOSE_WAIT;
            case FIN_WAIT_1 -> connection.state = TcpState.CLOSING; // had our FIN been acknowledged, it were FIN-WAIT-2
            default -> connection.timeWait(now);
        }
    }

    private void drop(TcpDrop reason) {
        connection.stack.drop(reason);
    }
}
