package jkipsec.tcp;

import static jkipsec.tcp.SequenceNumbers.less;
import static jkipsec.tcp.SequenceNumbers.lessOrEqual;

import jkipsec.tcp.Timers.Timer;

/**
 * What an acknowledgment does to a connection that may have data outstanding: the ESTABLISHED part of RFC 9293
 * §3.10.7.4, fifth step, with selective acknowledgments (RFC 2018), the round trips it measures (RFC 6298, RFC 7323
 * §4.1) and what it says of congestion (RFC 3168 §6.1.2).
 */
final class AcknowledgmentArrives implements Scoreboard.Deliveries {
    /** No round trip is this long: what a peer echoes may be anything. */
    private static final long LONGEST_ROUND_TRIP = 120_000_000_000L;

    private final TcpConnection connection;
    private final SendSequence send;
    private final LossRecovery recovery;
    private final DataSender sender;
    private final TcpSegment segment;
    private final TcpOptions options;
    private final long now;

    /** Whether it echoes a timestamp of ours. */
    private final boolean stamped;

    /** Of the segments delivered that were sent once: when the first and the last was sent. */
    private long firstSentAt = Long.MAX_VALUE;
    private long lastSentAt = Long.MIN_VALUE;

    private boolean againDelivered;
    private boolean originalDelivered;
    private boolean duplicateReported;

    /** Blocks are taken in up to here. */
    private int sackedUpTo;

    private AcknowledgmentArrives(TcpConnection connection, TcpSegment segment, long now) {
        this.connection = connection;
        this.segment = segment;
        this.now = now;
        send = connection.send;
        recovery = connection.recovery;
        sender = connection.sender;
        options = segment.header().options();
        stamped = connection.timestamps.inUse() && options.timestamped();
    }

    /** Processes an acknowledgment number that is acceptable. */
    static void process(TcpConnection connection, TcpSegment segment, long now) {
        new AcknowledgmentArrives(connection, segment, now).process();
    }

    private void process() {
        int acknowledgment = segment.acknowledgment();
        int before = send.unacknowledged;
        int sackedBefore = send.scoreboard.sackedOctets();
        int flight = send.outstanding() - sackedBefore;
        boolean fullUse = sender.usedFully();
        recovery.rack.acknowledgmentArrives();

        int held = send.buffer.size();
        int freed = less(before, acknowledgment) ? send.acknowledge(acknowledgment, this) : 0;
        if (connection.selective) {
            takeBlocks();
        }
        int advanced = send.unacknowledged - before;
        int delivered = advanced + send.scoreboard.sackedOctets() - sackedBefore;
        long roundTrip = measure(advanced, flight);
        if (advanced > 0) {
            connection.retransmission.progress();
        }
        boolean duplicate = delivered > advanced || advanced == 0 && acknowledgment == before && isDuplicate();
        boolean spurious = advanced > 0 && stamped && recovery.undo.byTimestamp(options.timestampEcho());
        if (recovery.probe.repaired(acknowledgment, duplicateReported, duplicate && options.sack().isEmpty())) {
            recovery.probeRepairedLoss();
        }
        echoedCongestion(acknowledgment);
        long wait = recovery.acknowledged(new LossRecovery.Report(now, advanced, delivered, flight, duplicate,
                originalDelivered && (connection.selective || !againDelivered), spurious, fullUse, roundTrip), connection.retransmission.estimate().smoothed());
        sender.acknowledged(advanced, wait, now);
        takeWindow(acknowledgment);
        if (connection.applicationClosed && advanced > 0) {
            connection.timers.set(Timer.LINGER, now + connection.stack.closeTimeoutNanos());
        } else if (freed > 0) {
            connection.sendTuning.used(now);
            connection.sendSpace(freed + connection.sendTuning.acknowledged(held, recovery.control().window()));
        }
        finishStates();
    }

    @Override
    public void delivered(int end, long sentAt, int order, boolean again) {
        boolean echoesLatest = !stamped
                || !less(options.timestampEcho(), connection.timestamps.value(sentAt));
        recovery.rack.delivered(new Rack.Transmission(end, sentAt, order, again), echoesLatest, now);
        if (again) {
            againDelivered = true;
            return;
        }
        originalDelivered |= lessOrEqual(end, recovery.recover());
        firstSentAt = Math.min(firstSentAt, sentAt);
        lastSentAt = Math.max(lastSentAt, sentAt);
    }

    private void takeBlocks() {
        SackBlocks blocks = options.sack();
        int count = blocks.count();
        if (count == 0) {
            return;
        }
        sackedUpTo = send.unacknowledged;
        int from = 0;
        if (isDuplicateReport(blocks)) {
            from = 1;
            duplicateReported = true;
            int segments = (blocks.right(0) - blocks.left(0) - 1) / recovery.segmentSize() + 1;
            recovery.undo.duplicatesReported(blocks.left(0), segments);
            recovery.rack.duplicateReported(send.unacknowledged, send.next);
        }
        for (int i = from; i < count; i++) {
            if (!isPossible(blocks, i)) {
                connection.stack.drop(TcpDrop.BAD_SACK);
            }
        }
        // In the order of their numbers: RACK looks for segments delivered in another (RFC 8985 §6.2, step 3).
        for (int i = lowest(blocks, from); i >= 0; i = lowest(blocks, from)) {
            send.scoreboard.sack(SequenceNumbers.max(blocks.left(i), sackedUpTo), blocks.right(i), this);
            sackedUpTo = blocks.right(i);
        }
    }

    /** The possible block that begins first among those not taken in, negative when there is none. */
    private int lowest(SackBlocks blocks, int from) {
        int found = -1;
        for (int i = from; i < blocks.count(); i++) {
            if (isPossible(blocks, i) && less(sackedUpTo, blocks.right(i))
                    && (found < 0 || less(blocks.left(i), blocks.left(found)))) {
                found = i;
            }
        }
        return found;
    }

    /** Whether a block covers something, and nothing that was never sent or was acknowledged long ago. */
    private boolean isPossible(SackBlocks blocks, int index) {
        int left = blocks.left(index);
        int right = blocks.right(index);
        return less(left, right) && !less(send.next, right) && !less(left, send.unacknowledged - send.largestWindow);
    }

    /** Whether the first block reports a duplicate: what it covers is acknowledged already (RFC 2883 §4). */
    private boolean isDuplicateReport(SackBlocks blocks) {
        int left = blocks.left(0);
        int right = blocks.right(0);
        return isPossible(blocks, 0) && (lessOrEqual(right, segment.acknowledgment())
                || blocks.count() > 1 && lessOrEqual(blocks.left(1), left) && lessOrEqual(right, blocks.right(1)));
    }

    /**
     * Measures the round trip: by what was sent only once and not together with anything sent again (Karn's algorithm,
     * RFC 6298 §3), or by the timestamp.
     *
     * @return the shortest one seen, negative for none
     */
    private long measure(int advanced, int flight) {
        long roundTrip;
        if (firstSentAt != Long.MAX_VALUE && (connection.selective && advanced == 0 || !againDelivered)) {
            roundTrip = now - firstSentAt;
        } else if (advanced > 0 && stamped && againDelivered) {
            roundTrip = connection.timestamps.since(options.timestampEcho(), now);
            lastSentAt = now - roundTrip;
        } else {
            return -1;
        }
        if (roundTrip < 0 || roundTrip > LONGEST_ROUND_TRIP) {
            return -1;
        }
        // RFC 7323, appendix G: with many measurements in a round trip, one for two segments, each counts less.
        connection.retransmission.measured(roundTrip, Math.max(1, Math.ceilDiv(flight, 2 * recovery.segmentSize())));
        long shortest = now - lastSentAt;
        recovery.rack.minimum.sample(shortest, now);
        return shortest;
    }

    private void echoedCongestion(int acknowledgment) {
        if (connection.ecn.inUse() && segment.has(TcpFlags.ECE) && !less(acknowledgment, send.unacknowledged)) {
            recovery.congestionEchoed();
        }
    }

    private void takeWindow(int acknowledgment) {
        if (less(acknowledgment, send.unacknowledged)) {
            return;
        }
        boolean wasShut = send.window == 0;
        send.updateWindow(segment);
        if (send.window == 0) {
            connection.retransmission.answered(); // a peer that answers may keep its window shut for ever
        } else if (wasShut) {
            if (connection.retransmission.isBackedOff()) {
                send.scoreboard.loseFirst(); // whatever was sent into the shut window
            }
            connection.retransmission.windowOpened();
            sender.windowOpened(now);
        }
    }

    private void finishStates() {
        if (send.finAcknowledged()) {
            switch (connection.state) {
                case FIN_WAIT_1 -> connection.state = TcpState.FIN_WAIT_2;
                case CLOSING -> connection.timeWait(now);
                case LAST_ACK -> connection.end(TcpEnd.NORMAL);
                default -> { } // the others have sent no FIN
            }
        }
    }

    /** RFC 5681 §2. */
    private boolean isDuplicate() {
        return segment.length() == 0 && send.outstanding() > 0
                && segment.header().window() << send.scale == send.window;
    }
}
