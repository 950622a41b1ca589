package jkipsec.tcp;

import java.time.Duration;
import java.util.Objects;
import java.util.function.IntPredicate;
import jkipsec.bytes.RateLimit;
import jkipsec.ip.Endpoint;
import jkipsec.ip.IpHeader;
import jkipsec.ip.IpProtocol;
import jkipsec.tcp.Timers.Timer;

/**
 * One connection: the application's calls (RFC 9293 §3.10.1 to §3.10.5) and what all of its parts share.
 *
 * <p>The application writes with {@link #write}, is told of room by {@link TcpAction.SendSpace}, gets octets by {@link
 * TcpAction.Deliver} and returns receive window with {@link #consumed}. After {@link TcpAction.Closed} every method is
 * harmless and does nothing.
 *
 * <p>Confined to the thread of its {@link TcpStack}.
 */
public final class TcpConnection {
    /** Octets of its stack's memory that every connection is sure of, from its first segment on. */
    static final int LEAST_MEMORY = SendTuning.LEAST + ReceiveSequence.LEAST;

    private static final int CHALLENGES_A_SECOND = 10;

    final TcpStack stack;
    final FourTuple tuple;
    final Endpoint local;
    final Endpoint remote;
    IpHeader ip;

    /** The same for packets that the network may mark instead of dropping them (RFC 3168 §5). */
    final IpHeader capableIp;

    /** Who made it, when it was opened passively. */
    final TcpListener listener;

    final SendSequence send;
    final ReceiveSequence receive;
    final RetransmissionTimer retransmission;
    final Timers timers = new Timers();
    final Transmitter transmitter;

    /** Which data is sent when, from the end of the handshake on. */
    DataSender sender;

    final Ecn ecn = new Ecn();
    final KeepAlive keepAlive;
    final RateLimit challenges = new RateLimit(CHALLENGES_A_SECOND);

    /** Congestion state, from the end of the handshake on. */
    LossRecovery recovery;

    TcpState state;
    boolean noDelay;

    /** Whether the application has called {@link #close}: nobody reads any more. */
    boolean applicationClosed;

    boolean inputShutDown;

    /** Whether the peer's SYN offered window scaling. */
    boolean peerScales;

    /** Whether both SYNs permit selective acknowledgments (RFC 2018 §2). */
    boolean selective;

    final Timestamps timestamps;
    final SendTuning sendTuning;
    final ReceiveTuning receiveTuning;

    /** For {@link DeadlineQueue} alone. */
    long queuedDeadline = Long.MAX_VALUE;
    int queueIndex = -1;

    private final SegmentSize segmentSize;
    private final PathMtu path;

    /** The user time-out, 0 without one, and since when nothing was answered, as far as the timers have noticed. */
    long userTimeoutNanos;
    long unansweredSince;

    private boolean reportedClosed;
    private boolean released;
    private Object attachment;

    TcpConnection(TcpStack stack, FourTuple tuple, TcpListener listener, int initialSequence, TcpState state) {
        this.stack = stack;
        this.tuple = tuple;
        this.listener = listener;
        this.state = state;
        local = new Endpoint(tuple.local(), tuple.localPort());
        remote = new Endpoint(tuple.remote(), tuple.remotePort());
        ip = IpHeader.of(tuple.local(), tuple.remote(), IpProtocol.TCP);
        capableIp = ip.withEcn(Ecn.ECT_0);
        TcpConfig config = stack.config();
        send = new SendSequence(initialSequence, config.sendBuffer());
        sendTuning = new SendTuning(config, stack.memory(), send.buffer);
        if (listener == null) {
            sendTuning.begin();
        }
        receive = new ReceiveSequence(config, stack.memory());
        retransmission = new RetransmissionTimer(config);
        transmitter = new Transmitter(this);
        keepAlive = new KeepAlive(this);
        noDelay = config.noDelay();
        timestamps = new Timestamps(stack.timestampOffset(tuple));
        receiveTuning = new ReceiveTuning(this);
        segmentSize = new SegmentSize(tuple.local(), stack.segmentSize(tuple.local()));
        path = new PathMtu(tuple.local());
        // An application that has not yet seen the connection need not hear of its end.
        reportedClosed = listener != null;
    }

    /**
     * This side's end.
     *
     * @return address and port
     */
    public Endpoint local() {
        return local;
    }

    /**
     * The peer's end.
     *
     * @return address and port
     */
    public Endpoint remote() {
        return remote;
    }

    /**
     * Where in its life the connection is.
     *
     * @return the state of RFC 9293 §3.3.2
     */
    public TcpState state() {
        return state;
    }

    /**
     * The largest payload of a segment to the peer.
     *
     * @return octets: the least of what the peer takes, what the tunnel carries and what the configuration allows,
     *     less what the timestamp takes that every segment carries (RFC 6691 §2)
     */
    public int segmentSize() {
        return timestamps.inUse() ? segmentSize.octets() - TcpOptions.TIMESTAMP_ROOM : segmentSize.octets();
    }

    /**
     * What is known of the round-trip time.
     *
     * @return the present estimate
     */
    public RttEstimate roundTrip() {
        return retransmission.estimate();
    }

    /**
     * Sends octets: copies in as many as there is room for.
     *
     * @param data where they are
     * @param offset the first
     * @param length how many
     * @param now the time
     * @return how many were taken, at most {@link #sendSpace()}; 0 when the connection is over
     * @throws IllegalStateException when output was shut down before
     */
    public int write(byte[] data, int offset, int length, long now) {
        Objects.checkFromIndexSize(offset, length, data.length);
        if (isOver() || length == 0) {
            return 0;
        }
        if (send.finQueued) {
            throw new IllegalStateException("output of " + this + " was shut down; write before shutting down");
        }
        int taken = send.buffer.append(data, offset, length);
        if (taken > 0) {
            transmitter.output(now);
            stack.finish(this);
        }
        return taken;
    }

    /**
     * The room in the send buffer.
     *
     * @return octets that {@link #write} would take now; 0 when the connection is over
     */
    public int sendSpace() {
        return isOver() ? 0 : send.buffer.space();
    }

    /**
     * The size of the send buffer, which grows with the congestion window unless {@link #sendBuffer} has fixed it.
     *
     * @return octets, at most {@link TcpConfig#sendBuffer()}
     */
    public int sendCapacity() {
        return send.buffer.limit();
    }

    /**
     * Fixes the size of the send buffer: it no longer follows the congestion window. When it became larger, {@link
     * TcpAction.SendSpace} follows.
     *
     * @param octets the size wanted; what there is of it within the configuration and the stack's memory
     */
    public void sendBuffer(int octets) {
        requirePositive(octets);
        if (!isOver()) {
            sendSpace(sendTuning.fix(octets));
            stack.finish(this);
        }
    }

    /**
     * Makes the send buffer as small as it can be and gives its memory to other connections, if nothing has been in it
     * for a second; it grows again as it is used. For {@link TcpAction.MemoryShort}.
     *
     * @param agreed asked with the new size in octets before anything is done, if it is possible: whether the
     *     application, too, has nothing that it was promised room for; it must not use this connection
     * @param now the time
     * @return whether it was done
     */
    public boolean shrinkIdle(IntPredicate agreed, long now) {
        boolean done = recovery != null && !isOver() && sendTuning.canShrink(now) && agreed.test(SendTuning.LEAST);
        if (done) {
            sendTuning.shrink();
        }
        return done;
    }

    /**
     * The size of the receive buffer, which grows as the application consumes unless {@link #receiveBuffer} has fixed
     * it.
     *
     * @return octets, at most {@link TcpConfig#receiveBuffer()}
     */
    public int receiveCapacity() {
        return receive.capacity();
    }

    /**
     * How much the application may still be given, or has not yet consumed of what it was given, before it must
     * consume: the receive buffer, less what was consumed since the window was last opened.
     *
     * @return octets, at most {@link TcpConfig#receiveBuffer()}
     */
    public int receiveWindow() {
        return receive.unconsumed() + Math.max(0, receive.window());
    }

    /**
     * Fixes the size of the receive buffer: it no longer follows what the application consumes. A window that the peer
     * was told already is not taken back.
     *
     * @param octets the size wanted, at most {@link TcpConfig#receiveBuffer()}
     * @param now the time
     */
    public void receiveBuffer(int octets, long now) {
        requirePositive(octets);
        receiveTuning.fix(octets);
        if (state.canReceive()) {
            transmitter.windowUpdate(now);
            stack.finish(this);
        }
    }

    private static void requirePositive(int octets) {
        if (octets < 1) {
            throw new IllegalArgumentException("a buffer has at least 1 octet, not " + octets);
        }
    }

    /**
     * Gives back receive window: the application has read what was delivered, and its memory is free again.
     *
     * @param octets how many, from 0; more than were delivered counts as all
     * @param now the time
     */
    public void consumed(int octets, long now) {
        if (octets < 0) {
            throw new IllegalArgumentException("cannot consume " + octets + " octets");
        }
        receiveTuning.consumed(receive.consumed(octets), now);
        if (state.canReceive()) {
            transmitter.windowUpdate(now);
            stack.finish(this);
        }
    }

    /**
     * Ends this direction: a FIN follows what was written. The peer may go on sending.
     *
     * @param now the time
     */
    public void shutdownOutput(long now) {
        queueFin(now);
        stack.finish(this);
    }

    /**
     * Stops reading: from now on data is acknowledged and thrown away, and what was delivered counts as consumed.
     *
     * @param now the time
     */
    public void shutdownInput(long now) {
        inputShutDown = true;
        consumed(receive.unconsumed(), now);
    }

    /**
     * Closes both directions as {@code close(2)} does: a FIN follows what was written, and the connection ends when
     * the peer has sent its own. When delivered data was not consumed, or more data arrives, the peer is told by a RST
     * that nobody reads it (RFC 2525 §2.17); then the cause of the end is {@link TcpEnd#ABORTED_LOCALLY}.
     *
     * @param now the time
     */
    public void close(long now) {
        if (isOver() || applicationClosed) {
            return;
        }
        applicationClosed = true;
        if (state == TcpState.SYN_SENT) {
            end(TcpEnd.ABORTED_LOCALLY);
        } else if (receive.unconsumed() > 0) {
            reset(TcpEnd.ABORTED_LOCALLY, now);
        } else {
            timers.set(Timer.LINGER, now + stack.closeTimeoutNanos());
            queueFin(now);
        }
        stack.finish(this);
    }

    /**
     * Ends the connection at once with a RST; what was written and not acknowledged is lost. The cause of the end is
     * {@link TcpEnd#ABORTED_LOCALLY}.
     *
     * @param now the time
     */
    public void abort(long now) {
        if (!isOver()) {
            reset(TcpEnd.ABORTED_LOCALLY, now);
            stack.finish(this);
        }
    }

    /**
     * Switches Nagle's algorithm off or on (RFC 9293 §3.7.4).
     *
     * @param on true to send small segments without waiting for acknowledgments
     */
    public void noDelay(boolean on) {
        noDelay = on;
    }

    /**
     * Switches keep-alive probes on or off (RFC 9293 §3.8.4). They are off at first.
     *
     * @param on true to probe a silent peer as the configuration says
     * @param now the time
     */
    public void keepAlive(boolean on, long now) {
        keepAlive.set(on, now);
        stack.finish(this);
    }

    /**
     * Says when a silent peer is probed, instead of the configuration; {@link #keepAlive} says whether.
     *
     * @param times the times
     * @param now the time
     */
    public void keepAliveTimes(KeepAliveTimes times, long now) {
        keepAlive.times(Objects.requireNonNull(times, "times"), now);
        stack.finish(this);
    }

    /**
     * Marks what is sent from now on.
     *
     * @param octet the traffic class of its IP headers, 0 to 255; the two low bits, which are ECN's, are ignored
     */
    public void trafficClass(int octet) {
        ip = new IpHeader(ip.source(), ip.destination(), ip.protocol(), ip.hopLimit(),
                octet & ~0b11 | ip.trafficClass() & 0b11);
    }

    /**
     * Sets the user time-out (RFC 9293 §3.8.3; RFC 5482 without telling the peer): how long what was sent, or the probes
     * of a shut window, may go without any answer before the connection ends with {@link TcpEnd#TIMED_OUT}. It takes
     * the place of {@link TcpConfig#dataRetries()} and counts from the first segment that was not answered.
     *
     * @param time more than zero; {@link Duration#ZERO} for the configuration's number of retries again
     */
    public void userTimeout(Duration time) {
        if (time.isNegative()) {
            throw new IllegalArgumentException("a user time-out is zero or more, not " + time);
        }
        userTimeoutNanos = time.toNanos();
    }

    /**
     * What the application attached.
     *
     * @return the object, or null
     */
    public Object attachment() {
        return attachment;
    }

    /**
     * Remembers an object of the application with this connection.
     *
     * @param object any, or null
     */
    public void attach(Object object) {
        attachment = object;
    }

    @Override
    public String toString() {
        return local + " - " + remote + " " + state;
    }

    /** Whether nothing will be sent or delivered any more. */
    boolean isOver() {
        return state == TcpState.CLOSED || state == TcpState.TIME_WAIT;
    }

    /** The peer's SYN arrived: takes its options and windows. */
    void synchronise(TcpSegment syn, long now) {
        receive.synchronise(syn.sequence());
        TcpOptions options = syn.header().options();
        if (options.maximumSegmentSize() != TcpOptions.ABSENT) {
            segmentSize.peerTakes(options.maximumSegmentSize());
        }
        // Scaling is used when both SYNs offer it, and ours always does (RFC 7323 §2.2).
        peerScales = options.windowScale() != TcpOptions.ABSENT;
        if (peerScales) {
            send.scale = Math.min(options.windowScale(), 14);
            receive.scale = receive.offeredScale;
        }
        TcpConfig config = stack.config();
        selective = options.sackPermitted() && config.selectiveAcknowledgment();
        receive.peerCountsDuplicates = !selective;
        if (options.timestamped() && config.timestamps()) {
            timestamps.negotiated(options.timestampValue(), now);
        }
        ecn.synArrived(config.ecn(), syn);
        send.setWindow(syn, 0);
    }

    /** The handshake is over. */
    void established(long now) {
        boolean synSentAgain = retransmission.retries() > 0;
        CongestionControl.Algorithm algorithm = stack.config().congestionControl();
        CongestionControl initial = retransmission.retries() > 1
                ? algorithm.afterLostHandshake(segmentSize())
                : algorithm.initial(segmentSize());
        recovery = new LossRecovery(initial, segmentSize(), send, selective);
        sender = new DataSender(this);
        retransmission.established(synSentAgain);
        timers.clear(Timer.RETRANSMIT);
        state = TcpState.ESTABLISHED;
        if (send.finQueued) {
            state = TcpState.FIN_WAIT_1;
        }
        keepAlive.established(now);
        sendTuning.used(now);
        if (listener == null) {
            stack.emit(new TcpAction.Opened(this));
        } else {
            sendTuning.begin();
            reportedClosed = false;
            listener.established(this);
        }
    }

    /** The tunnel's MTU has changed. */
    void updateSegmentSize() {
        segmentSize.tunnelCarries(stack.segmentSize(tuple.local()));
        applySegmentSize();
    }

    /** The network says that a packet in flight was too big; says whether the segments are smaller now. */
    boolean tooBig(int mtu, long now) {
        boolean lowered = path.tooBig(mtu, segmentSize.octets(), now);
        applySegmentSize();
        return lowered;
    }

    /** The retransmission timer ran out: full segments may be too big for the path. */
    void suspectPath(long now) {
        int inFlight = send.next - send.unacknowledged;
        if (inFlight >= segmentSize() && path.timedOut(retransmission.retries(), segmentSize.octets(), now)) {
            applySegmentSize();
        }
    }

    /** A segment came: time, perhaps, to try larger ones again. */
    void recheckPath(long now) {
        if (path.isRaiseDue(now)) {
            path.raise(now);
            applySegmentSize();
        }
    }

    private void applySegmentSize() {
        segmentSize.pathCarries(path.limit());
        if (recovery != null && recovery.segmentSize() != segmentSize()) {
            recovery.segmentSize(segmentSize());
        }
    }

    /** The tunnel's packets take another path from now on. */
    void pathChanged(long now) {
        boolean waiting = retransmission.isBackedOff();
        retransmission.pathChanged();
        if (recovery != null) {
            recovery.pathChanged();
            if (state.canTransmit()) {
                sender.pathChanged(waiting, now);
            }
        } else if (waiting) {
            timers.clear(Timer.RETRANSMIT);
            transmitter.sendSyn(now);
        }
    }

    /** There is more room in the send buffer, unless there is none. */
    void sendSpace(int octets) {
        if (octets > 0) {
            stack.emit(new TcpAction.SendSpace(this, octets));
        }
    }

    /** Gives the application the next octets, or throws them away when it has shut down input. */
    void deliver(byte[] array, int offset, int length) {
        receive.delivered(length);
        if (inputShutDown) {
            receive.consumed(length);
        } else {
            stack.emit(new TcpAction.Deliver(this, array, offset, length));
        }
    }

    /** Sends a RST and ends. */
    void reset(TcpEnd cause, long now) {
        if (state != TcpState.SYN_SENT) {
            transmitter.sendReset(now);
        }
        end(cause);
    }

    /** Enters TIME-WAIT: to the application the connection is over. */
    void timeWait(long now) {
        state = TcpState.TIME_WAIT;
        release();
        timers.set(Timer.TIME_WAIT, now + stack.timeWaitNanos());
        stack.enteredTimeWait(this);
        report(TcpEnd.NORMAL);
    }

    /** Enters CLOSED; the connection is gone. */
    void end(TcpEnd cause) {
        if (state != TcpState.CLOSED) {
            state = TcpState.CLOSED;
            release();
            stack.remove(this);
            report(cause);
        }
    }

    private void report(TcpEnd cause) {
        if (!reportedClosed) {
            reportedClosed = true;
            stack.emit(new TcpAction.Closed(this, cause));
        }
    }

    private void release() {
        timers.clearAll();
        if (!released) {
            released = true;
            send.buffer.clear();
            send.scoreboard.clear();
            sendTuning.release();
            receive.release();
        }
    }

    private void queueFin(long now) {
        if (send.finQueued || isOver()) {
            return;
        }
        send.finQueued = true;
        state = switch (state) {
            case ESTABLISHED -> TcpState.FIN_WAIT_1;
            case CLOSE_WAIT -> TcpState.LAST_ACK;
            default -> state; // before the handshake is over the FIN waits, so that it cannot overtake its end
        };
        transmitter.output(now);
    }
}
