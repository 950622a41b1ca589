package jkipsec.tcp;

import static jkipsec.tcp.SequenceNumbers.less;

/**
 * What acknowledgments say about loss, and what follows from it for the congestion window.
 *
 * <p>With selective acknowledgments losses are found by time ({@link Rack}, RFC 8985) and the window shrinks
 * proportionally ({@link ProportionalRateReduction}, RFC 6937); without, by three duplicates ({@link NewReno}). Either
 * way a time-out that was superfluous is noticed ({@link ForwardRto}, {@link Undo}) and its reduction taken back.
 *
 * <p>It holds the congestion state, which changes with every such event. Confined to the stack's thread.
 */
final class LossRecovery {
    /** What is going on. */
    enum Phase {
        /** Nothing is being repaired. */
        OPEN,
        /** The window shrinks because the network said so (ECN); nothing was lost. */
        REDUCTION,
        /** A loss that acknowledgments showed is being repaired: fast recovery. */
        RECOVERY,
        /** A loss that the timer showed is being repaired. */
        LOSS
    }

    /**
     * What an acknowledgment brought; the scoreboard has its octets already.
     *
     * @param now the time
     * @param advanced by how many octets SND.UNA advanced
     * @param delivered octets acknowledged or sacked for the first time
     * @param flight octets outstanding and not sacked before
     * @param duplicate whether it is one as RFC 5681 §2 says, or sacked something
     * @param originalDelivered whether it delivered what was sent only once, and before the last loss was noticed
     * @param spurious whether its timestamp is that of something sent before the first retransmission
     * @param fullUse whether the congestion window was what limited sending
     * @param roundTrip what it measured, negative for nothing
     */
    record Report(
            long now,
            int advanced,
            int delivered,
            int flight,
            boolean duplicate,
            boolean originalDelivered,
            boolean spurious,
            boolean fullUse,
            long roundTrip) {}

    final Rack rack;
    final LossProbe probe = new LossProbe();
    final Undo undo = new Undo();

    private final SendSequence send;
    private final Scoreboard scoreboard;
    private final boolean selective;
    private final ProportionalRateReduction reduction = new ProportionalRateReduction();
    private final NewReno newReno = new NewReno();
    private final ForwardRto forwardRto;

    private CongestionControl control;
    private int segmentSize;
    private Phase phase = Phase.OPEN;

    /** One after the highest sequence number that had been sent when the last loss was noticed. */
    private int recover;

    /** The round of slow start ends when this is acknowledged. */
    private int roundEnd;

    /** Since when the window has not been in full use, negative when it is. */
    private long limitedSince = -1;

    /** Whether the window was reduced and the peer not told so (CWR). */
    private boolean reduced;

    /**
     * Begins without loss.
     *
     * @param initial the congestion state to begin with
     * @param segmentSize SMSS
     * @param selective whether the peer acknowledges selectively
     */
    LossRecovery(CongestionControl initial, int segmentSize, SendSequence send, boolean selective) {
        control = initial;
        this.segmentSize = segmentSize;
        this.send = send;
        this.selective = selective;
        scoreboard = send.scoreboard;
        rack = new Rack(send.next);
        forwardRto = new ForwardRto(send);
        // RFC 6582 says ISS, with which the loss of the very first segment would wait for the timer.
        recover = send.initial;
        roundEnd = send.next;
    }

    /** The congestion state. */
    CongestionControl control() {
        return control;
    }

    /** One after the highest sequence number that had been sent when the last loss was noticed. */
    int recover() {
        return recover;
    }

    Phase phase() {
        return phase;
    }

    /** Whether a loss noticed by acknowledgments is being repaired. */
    boolean isRecovering() {
        return phase == Phase.RECOVERY;
    }

    /** How many octets may be in the network now. */
    int window() {
        if (phase == Phase.REDUCTION || phase == Phase.RECOVERY && selective) {
            return reduction.window();
        }
        if (phase == Phase.RECOVERY) {
            return Math.max(control.window() + newReno.inflation(), segmentSize);
        }
        return selective ? control.window() : control.window() + newReno.limitedTransmit(segmentSize);
    }

    /** Whether new data goes before what is lost: it shows whether anything is lost at all (RFC 5682 §2.1, step 2b). */
    boolean prefersNewData() {
        return forwardRto.isTesting();
    }

    /** Says once whether the window was reduced. */
    boolean takeReduced() {
        boolean result = reduced;
        reduced = false;
        return result;
    }

    /** Octets were sent, new or again. */
    void sent(int octets) {
        reduction.sent(octets);
    }

    /**
     * An acknowledgment arrived.
     *
     * @param smoothed SRTT, negative when it is not known
     * @return how long until more segments will count as lost, 0 when none will
     */
    long acknowledged(Report report, long smoothed) {
        forwardRto.acknowledgmentArrives();
        if (phase == Phase.OPEN && less(recover, send.unacknowledged)) {
            recover = send.unacknowledged - 1; // or it would seem to lie ahead after 2 GiB without a loss
        }
        boolean growing = phase == Phase.OPEN || phase == Phase.LOSS;
        if (undo.byDuplicates() || report.spurious() && (phase == Phase.RECOVERY || phase == Phase.LOSS)) {
            undo();
        } else if (phase == Phase.LOSS) {
            examineTimeout(report);
        }
        long wait = 0;
        int lost = scoreboard.lostOctets();
        if (selective) {
            wait = detectLosses(report.now(), smoothed);
        }
        boolean lossFound = scoreboard.lostOctets() > lost;
        if (phase != Phase.OPEN && isRepaired()) {
            finish();
        }
        if (selective) {
            if (scoreboard.lostOctets() > 0 && (phase == Phase.OPEN || phase == Phase.REDUCTION)) {
                enterRecovery(report.flight());
            }
        } else if (report.advanced() > 0) {
            newReno.advanced(report.advanced(), segmentSize, phase == Phase.RECOVERY);
        } else if (report.duplicate()) {
            duplicate();
        }
        if (phase == Phase.REDUCTION || phase == Phase.RECOVERY && selective) {
            reduction.acknowledged(report.delivered(), scoreboard.pipe(), report.advanced() > 0 && !lossFound,
                    segmentSize);
        } else if (phase != Phase.RECOVERY && growing) {
            grow(report, smoothed);
        }
        return wait;
    }

    /**
     * Looks for losses, as on every acknowledgment and when the reordering timer runs out (RFC 8985 §6.2, step 5).
     *
     * @return how long until more segments will count as lost, 0 when none will
     */
    long detectLosses(long now, long smoothed) {
        boolean recovering = phase == Phase.RECOVERY || phase == Phase.LOSS;
        return rack.detectLosses(scoreboard, rack.reorderingWindow(recovering, scoreboard.sackedSegments(), smoothed),
                now);
    }

    /** The reordering timer ran out; returns as {@link #detectLosses}. */
    long reorderingTimedOut(long now, long smoothed) {
        int flight = scoreboard.octets() - scoreboard.sackedOctets();
        long wait = detectLosses(now, smoothed);
        if (scoreboard.lostOctets() > 0 && (phase == Phase.OPEN || phase == Phase.REDUCTION)) {
            enterRecovery(flight);
            reduction.acknowledged(0, scoreboard.pipe(), false, segmentSize);
        }
        return wait;
    }

    private void enterRecovery(int flight) {
        if (phase == Phase.OPEN) {
            undo.begin(control, send.unacknowledged);
            reduce();
            reduction.start(control.threshold(), flight, scoreboard.pipe());
        }
        phase = Phase.RECOVERY;
        recover = send.next;
        probe.reset();
    }

    private void reduce() {
        control = control.lossDetected(scoreboard.octets());
        reduced = true;
    }

    /** Whether what was outstanding has arrived; after an ECN echo also the segment behind it, which tells so (CWR). */
    private boolean isRepaired() {
        return phase == Phase.REDUCTION ? less(recover, send.unacknowledged) : !less(send.unacknowledged, recover);
    }

    /** Everything outstanding at the time of the loss has arrived. */
    private void finish() {
        if (phase == Phase.RECOVERY && !selective) {
            newReno.reset();
            control = control.recovered(scoreboard.octets());
        }
        if (phase != Phase.REDUCTION) {
            rack.recovered();
        }
        phase = Phase.OPEN;
        forwardRto.stop();
    }

    /** A duplicate acknowledgment from a peer that does not acknowledge selectively. */
    private void duplicate() {
        if (phase == Phase.RECOVERY) {
            newReno.inflate(segmentSize);
            return;
        }
        if (phase == Phase.LOSS || !less(recover, send.unacknowledged)) {
            return; // RFC 6582 §4: these may come from what was sent again after a time-out
        }
        if (!newReno.duplicate()) {
            return;
        }
        if (phase == Phase.OPEN) {
            undo.begin(control, send.unacknowledged);
            reduce();
        }
        phase = Phase.RECOVERY;
        recover = send.next;
        newReno.begin(segmentSize);
    }

    /** Says once whether the first unacknowledged segment must be sent again now (RFC 6582 §3.2, steps 2 and 3). */
    boolean takeFirstAgain() {
        return newReno.takeFirstAgain();
    }

    /** Whether the timer starts again with this acknowledgment of new data; later partial ones let it run. */
    boolean restartsTimer() {
        return phase != Phase.RECOVERY || selective || !newReno.isLaterPartial();
    }

    private void examineTimeout(Report report) {
        switch (forwardRto.examine(report, recover)) {
            case SPURIOUS -> undo();
            case DUPLICATE -> newReno.newDataLeft();
            case UNDECIDED -> { }
        }
    }

    private void grow(Report report, long smoothed) {
        if (report.advanced() <= 0 && phase == Phase.OPEN || report.delivered() <= 0) {
            return;
        }
        boolean round = !less(send.unacknowledged, roundEnd);
        if (round) {
            roundEnd = send.next;
        }
        if (!report.fullUse()) {
            limitedSince = limitedSince < 0 ? report.now() : limitedSince;
            return;
        }
        if (limitedSince >= 0) {
            control = control.resumed(report.now() - limitedSince);
            limitedSince = -1;
        }
        control = control.delivered(new CongestionControl.Delivery(
                report.now(), report.delivered(), report.roundTrip(), smoothed, round));
    }

    /** Nothing was lost: the reduction of the window is taken back. */
    private void undo() {
        CongestionControl before = undo.take();
        if (before != null && before.window() > control.window()) {
            control = before.segmentSize() == segmentSize ? before : before.withSegmentSize(segmentSize);
        }
        scoreboard.forgetLosses();
        phase = Phase.OPEN;
        forwardRto.stop();
        newReno.reset();
        recover = send.unacknowledged - 1;
    }

    /** A probe has repaired a loss nobody else noticed (RFC 8985 §7.4.2). */
    void probeRepairedLoss() {
        if (phase == Phase.OPEN) {
            reduce();
        }
    }

    /**
     * The peer echoes a congestion mark (RFC 3168 §6.1.2).
     *
     * @return whether the window was reduced for it, which happens once a round trip
     */
    boolean congestionEchoed() {
        if (phase != Phase.OPEN) {
            return false;
        }
        undo.clear();
        reduce();
        phase = Phase.REDUCTION;
        recover = send.next;
        reduction.start(control.threshold(), scoreboard.octets() - scoreboard.sackedOctets(), scoreboard.pipe());
        reduction.sent(1); // nothing need be sent again
        return true;
    }

    /**
     * The retransmission timer ran out: all that was sent long ago counts as lost.
     *
     * @param again whether it had run out for the same data before
     */
    void timedOut(boolean again, long now, long smoothed) {
        if (phase != Phase.LOSS && phase != Phase.RECOVERY) {
            undo.begin(control, send.unacknowledged);
        } else {
            undo.continued();
        }
        boolean renegade = scoreboard.isFirstSacked() || again && scoreboard.sackedSegments() > 0;
        forwardRto.timedOut(!again && !renegade);
        control = control.timedOut(scoreboard.octets(), again);
        reduced = true;
        if (renegade) {
            scoreboard.forgetSacks();
        }
        long patience = selective
                ? rack.roundTrip() + rack.reorderingWindow(true, scoreboard.sackedSegments(), smoothed) : 0;
        scoreboard.timedOut(patience, now);
        recover = send.next;
        phase = Phase.LOSS;
        newReno.reset();
        probe.reset();
    }

    /** Nothing was sent for longer than the time-out (RFC 5681 §4.1). */
    void idled() {
        control = control.idled();
        limitedSince = -1;
    }

    /**
     * The packets take another path from now on, of which nothing is known. A time-out that was under way said nothing
     * about it either.
     */
    void pathChanged() {
        CongestionControl before = phase == Phase.LOSS && undo.isPossible() ? undo.take() : control;
        control = before.withSegmentSize(segmentSize).pathChanged();
        undo.clear();
        rack.pathChanged();
        probe.reset();
        limitedSince = -1;
        roundEnd = send.next;
        if (phase == Phase.REDUCTION) {
            phase = Phase.OPEN;
        }
    }

    /** The former path was dead, and so is everything outstanding: it all goes again. */
    void allLost(long now) {
        scoreboard.timedOut(0, now);
        forwardRto.stop();
        recover = send.next;
        phase = Phase.LOSS;
    }

    /** SMSS. */
    int segmentSize() {
        return segmentSize;
    }

    /** Full segments have another size now. */
    void segmentSize(int size) {
        segmentSize = size;
        control = control.withSegmentSize(size);
        scoreboard.cut(size);
    }
}
