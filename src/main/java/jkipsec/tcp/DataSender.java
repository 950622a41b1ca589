package jkipsec.tcp;

import static jkipsec.tcp.SequenceNumbers.less;

import jkipsec.tcp.Timers.Timer;

/**
 * Decides which data a connection sends and when (RFC 9293 §3.8): what is lost first, then what is new, as far as both
 * windows and the pace allow; and sets the timers that see to it that something happens when no acknowledgment comes.
 * Confined to the stack's thread.
 */
final class DataSender {
    private final TcpConnection connection;
    private final SendSequence send;
    private final Scoreboard scoreboard;
    private final Timers timers;
    private final Pacer pacer = new Pacer();

    /** The congestion window, and nothing else, ended a transmission; true until what was sent then is acknowledged. */
    private boolean congestionLimited;
    private int limitedUntil;

    /** Whether new data was sent, or some was acknowledged, since the loss probe was scheduled. */
    private boolean moved;

    private long lastData;

    /** How much of the first window is left, which goes without pacing: there is no knowing its pace. */
    private int unpaced;

    DataSender(TcpConnection connection) {
        this.connection = connection;
        send = connection.send;
        scoreboard = send.scoreboard;
        timers = connection.timers;
        unpaced = CongestionControl.initialWindow(connection.segmentSize());
    }

    /** Whether acknowledgments may make the congestion window larger: it is in full use. */
    boolean usedFully() {
        if (congestionLimited && less(send.unacknowledged, limitedUntil)) {
            return true;
        }
        congestionLimited = false;
        CongestionControl control = connection.recovery.control();
        return control.inSlowStart() && control.window() < 2 * send.outstanding();
    }

    /** Sends what may be sent. */
    void output(long now) {
        LossRecovery recovery = connection.recovery;
        if (send.hasUnsent() && send.outstanding() == 0 && now - lastData > connection.retransmission.timeout()) {
            recovery.idled();
        }
        int window = recovery.window();
        if (recovery.prefersNewData() || sendLost(window, now)) {
            sendNew(window, now);
        }
        armTimers(now);
    }

    /** Sends again what is lost; false when something lost has to wait. */
    private boolean sendLost(int window, long now) {
        while (true) {
            int slot = scoreboard.firstLost();
            if (slot == Scoreboard.NONE) {
                return true;
            }
            int start = scoreboard.start(slot);
            int room = send.unacknowledged + send.window - start; // the peer may have taken window back
            int length = Math.min(scoreboard.end(slot) - start, room);
            int pipe = scoreboard.pipe();
            if (length <= 0 || pipe > 0 && pipe + length > window) {
                noteLimit(length > 0);
                return false;
            }
            sendAgain(slot, length, now);
        }
    }

    private void sendNew(int congestionWindow, long now) {
        LossRecovery recovery = connection.recovery;
        int segmentSize = connection.segmentSize();
        pacer.pace(recovery.control(), connection.retransmission.estimate().smoothed(), recovery.rack.minimum.get(), now);
        boolean held = false;
        while (send.hasUnsent() && !scoreboard.isFull()) {
            int flight = send.outstanding();
            int unsent = send.unsent();
            int usable = Math.min(congestionWindow - scoreboard.pipe(), send.window - flight);
            int length = Math.min(Math.min(unsent, usable), segmentSize);
            boolean all = length == unsent;
            boolean fin = all && send.finUnsent() && send.window - flight > length;
            if (length < 0 || length == 0 && !fin || !worthSending(length, all)) {
                break;
            }
            if (length > 0 && !pacer.permits(now) && unpaced <= 0) {
                held = true;
                break;
            }
            sendNew(length, fin, now);
        }
        if (held) {
            timers.set(Timer.PACE, pacer.readyAt());
        } else {
            timers.clear(Timer.PACE);
            noteLimit(send.hasUnsent() && congestionWindow - scoreboard.pipe() < segmentSize
                    && congestionWindow < send.window);
        }
    }

    private void noteLimit(boolean limited) {
        if (limited) {
            congestionLimited = true;
            limitedUntil = send.next;
        }
    }

    private void sendNew(int length, boolean fin, long now) {
        int sequence = send.next;
        int numbers = fin ? length + 1 : length;
        send.advance(numbers);
        scoreboard.sent(send.next, now);
        connection.recovery.sent(numbers);
        if (connection.recovery.takeReduced()) {
            connection.ecn.reduced();
        }
        connection.transmitter.sendData(sequence, length, fin, true, now);
        pacer.sent(length, now);
        unpaced = Math.max(0, unpaced - length);
        lastData = now;
        moved = true;
    }

    private void sendAgain(int slot, int numbers, long now) {
        int sequence = scoreboard.start(slot);
        int length = Math.min(numbers, send.end() - sequence);
        scoreboard.sentAgain(slot, now);
        LossRecovery recovery = connection.recovery;
        recovery.sent(numbers);
        if (connection.timestamps.inUse()) {
            recovery.undo.sentAgain(connection.timestamps.value(now));
        } else {
            recovery.undo.sentAgain();
        }
        connection.transmitter.sendData(sequence, length, numbers > length, false, now);
        pacer.sent(length, now);
    }

    /**
     * The sender's silly window avoidance together with Nagle's algorithm (RFC 9293 §3.8.6.2.1, rules 1 to 3).
     *
     * @param all whether the segment takes everything that is queued, which then counts as pushed
     */
    private boolean worthSending(int length, boolean all) {
        if (length >= connection.segmentSize()) {
            return true;
        }
        boolean mayBeSmall = connection.noDelay || send.finQueued || send.outstanding() == 0;
        return mayBeSmall && (all || length >= (send.largestWindow + 1) / 2);
    }

    /** Sees that something wakes the connection as long as anything is unsent or unacknowledged. */
    private void armTimers(long now) {
        if (!scoreboard.isEmpty()) {
            timers.clear(Timer.PERSIST);
            if (!timers.isSet(Timer.RETRANSMIT)) {
                timers.set(Timer.RETRANSMIT, now + connection.retransmission.timeout());
            }
            scheduleProbe(now);
            return;
        }
        timers.clear(Timer.RETRANSMIT);
        timers.clear(Timer.PROBE);
        timers.clear(Timer.REORDER);
        if (!send.hasUnsent() || timers.isSet(Timer.PACE)) {
            timers.clear(Timer.PERSIST);
        } else if (!timers.isSet(Timer.PERSIST)) {
            timers.set(Timer.PERSIST, now + connection.retransmission.timeout());
        }
    }

    /** RFC 8985 §7.2: a probe comes at the latest when the retransmission timer would run out. */
    private void scheduleProbe(long now) {
        if (!mayProbe()) {
            timers.clear(Timer.PROBE);
        } else if (moved) {
            long timeout = LossProbe.timeout(connection.retransmission.estimate(), scoreboard.segments() == 1);
            timers.set(Timer.PROBE, Math.min(now + timeout, timers.deadline(Timer.RETRANSMIT)));
        }
        moved = false;
    }

    private boolean mayProbe() {
        LossRecovery recovery = connection.recovery;
        return connection.selective && recovery.phase() == LossRecovery.Phase.OPEN
                && scoreboard.sackedSegments() == 0 && !recovery.probe.isOutstanding() && send.window > 0;
    }

    /** The probe's timer ran out: sends something the peer must answer (RFC 8985 §7.3). */
    void probeForLoss(long now) {
        if (scoreboard.isEmpty() || !mayProbe()) {
            return;
        }
        LossRecovery recovery = connection.recovery;
        int length = Math.min(send.unsent(), connection.segmentSize());
        boolean fin = length == send.unsent() && send.finUnsent();
        int numbers = fin ? length + 1 : length;
        boolean isNew = numbers > 0 && numbers <= send.window - send.outstanding() && !scoreboard.isFull();
        if (isNew) {
            sendNew(length, fin, now);
        } else {
            int last = scoreboard.last();
            sendAgain(last, scoreboard.end(last) - scoreboard.start(last), now);
        }
        recovery.probe.sent(send.next, !isNew);
        timers.set(Timer.RETRANSMIT, now + connection.retransmission.timeout());
        moved = false;
    }

    /**
     * An acknowledgment was taken in.
     *
     * @param advanced how many octets were acknowledged
     * @param wait how long until more segments will count as lost, 0 when none will
     */
    void acknowledged(int advanced, long wait, long now) {
        LossRecovery recovery = connection.recovery;
        setReorderTimer(wait, now);
        if (recovery.takeFirstAgain()) {
            sendFirstAgain(now);
            if (recovery.restartsTimer()) {
                restartTimer(now);
            }
        } else if (advanced > 0) {
            restartTimer(now);
            moved = true;
        }
    }

    /** The reordering timer ran out (RFC 8985 §6.2, step 5). */
    void reorderingTimedOut(long now) {
        setReorderTimer(connection.recovery.reorderingTimedOut(
                now, connection.retransmission.estimate().smoothed()), now);
        restartTimer(now);
        connection.transmitter.output(now);
    }

    /**
     * The packets take another path from now on.
     *
     * @param waiting whether what is outstanding has timed out already: it goes again at once
     */
    void pathChanged(boolean waiting, long now) {
        timers.clear(Timer.PACE);
        timers.clear(Timer.REORDER);
        if (timers.isSet(Timer.PERSIST)) {
            timers.set(Timer.PERSIST, now + connection.retransmission.timeout());
        }
        if (!scoreboard.isEmpty()) {
            timers.clear(Timer.RETRANSMIT);
            if (waiting) {
                connection.recovery.allLost(now);
                sendFirstAgain(now);
            } else {
                probeForLoss(now); // the peer's answer shows soon what the move has cost
            }
        }
        connection.transmitter.output(now);
    }

    private void setReorderTimer(long wait, long now) {
        if (wait > 0) {
            timers.set(Timer.REORDER, now + wait);
        } else {
            timers.clear(Timer.REORDER);
        }
    }

    /** The timer starts again, or stops when nothing is outstanding (RFC 6298 §5.2 and §5.3). */
    private void restartTimer(long now) {
        if (scoreboard.isEmpty()) {
            timers.clear(Timer.RETRANSMIT);
        } else {
            timers.set(Timer.RETRANSMIT, now + connection.retransmission.timeout());
        }
    }

    /** The peer's window has opened: waiting for that is over. */
    void windowOpened(long now) {
        timers.clear(Timer.PERSIST);
        restartTimer(now);
    }

    /** Sends the first unacknowledged segment again, whatever the windows are. */
    void sendFirstAgain(long now) {
        int first = scoreboard.first();
        if (first != Scoreboard.NONE) {
            int numbers = scoreboard.end(first) - scoreboard.start(first);
            sendAgain(first, send.window > 0 ? Math.min(numbers, send.window) : numbers, now);
        }
    }

    /**
     * Sends although the window does not allow it, or makes it silly: at least one octet, or the FIN (RFC 9293
     * §3.8.6.1, and rule 4 of §3.8.6.2.1).
     */
    void probeWindow(long now) {
        int allowed = Math.min(send.window, connection.segmentSize());
        int length = Math.min(send.unsent(), Math.max(allowed, 1));
        boolean fin = length == 0;
        if (allowed > 0) {
            sendNew(length, fin, now);
        } else {
            connection.transmitter.sendData(send.next, length, fin, false, now);
            send.probed();
        }
        armTimers(now);
    }
}
