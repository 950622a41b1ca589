package jkipsec.tcp;

import java.util.ArrayDeque;
import java.util.Collections;
import java.util.EnumMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Queue;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Predicate;
import jkipsec.bytes.MalformedMessage;
import jkipsec.bytes.RandomSource;
import jkipsec.ip.Endpoint;
import jkipsec.ip.IpAddress;
import jkipsec.ip.IpHeader;
import jkipsec.ip.IpPacket;
import jkipsec.ip.IpProtocol;
import jkipsec.ip.Ipv4Address;

/**
 * All connections and listeners of one tunnel: packets and time in, {@link TcpAction}s out.
 *
 * <p>It takes packets for any local address: which addresses are local is for the caller to check. A packet that is
 * broken or fits nothing is dropped and counted, and never throws.
 *
 * <p>Confined to one thread, together with its connections and listeners. The actions' receiver is called on that
 * thread at the end of each call, and may itself call any method.
 */
public final class TcpStack {
    /** The MTU before {@link #mtu} is called: what every IPv6 path carries. */
    private static final int DEFAULT_MTU = 1280;

    private static final int SMALLEST_MTU = 128;
    private static final int CHALLENGES_A_SECOND = 1000;

    private final TcpConfig config;
    private final Consumer<? super TcpAction> receiver;
    private final InitialSequence initialSequences;
    private final ConnectionTable connections;
    private final LocalPorts ports;
    private final DeadlineQueue deadlines = new DeadlineQueue();
    private final Queue<TcpAction> actions = new ArrayDeque<>();
    private final long[] drops = new long[TcpDrop.values().length];
    private final long timeWaitNanos;
    private final long closeTimeoutNanos;
    private final long delayedAckNanos;
    private TcpForwarder forwarder;
    private final MemoryBudget memory;
    private final ChallengeLimit challenges;
    private final StrayResets resets = new StrayResets(this);
    private int mtu = DEFAULT_MTU;
    private boolean handingOut;
    private boolean holding;
    private final Set<TcpConnection> held = new LinkedHashSet<>();

    /**
     * Makes a stack without connections.
     *
     * @param config how it behaves
     * @param random where port numbers and the secret of the initial sequence numbers come from
     * @param actions receives what the stack wants done
     */
    public TcpStack(TcpConfig config, RandomSource random, Consumer<? super TcpAction> actions) {
        this.config = Objects.requireNonNull(config, "config");
        ports = new LocalPorts(Objects.requireNonNull(random, "random"));
        receiver = Objects.requireNonNull(actions, "actions");
        connections = new ConnectionTable(config.maximumConnections());
        memory = new MemoryBudget(config.memoryBudget());
        challenges = new ChallengeLimit(CHALLENGES_A_SECOND, random);
        initialSequences = new InitialSequence(random);
        timeWaitNanos = config.timeWait().toNanos();
        closeTimeoutNanos = config.closeTimeout().toNanos();
        delayedAckNanos = config.delayedAck().toNanos();
    }

    /**
     * Opens a connection (RFC 9293 §3.10.1). {@link TcpAction.Opened} or {@link TcpAction.Closed} follows; what is
     * written meanwhile is sent then.
     *
     * @param local this side's address, and a port, or 0 to have one chosen
     * @param remote the peer's address and port
     * @param now the time
     * @return the connection, in SYN-SENT
     * @throws PortInUse when no port is free, the connection exists already, or the stack is full
     * @throws IllegalArgumentException when the remote port is 0 or the addresses are of different families
     */
    public TcpConnection connect(Endpoint local, Endpoint remote, long now) throws PortInUse {
        if (remote.port() == 0 || !local.address().sameFamily(remote.address())) {
            throw new IllegalArgumentException("cannot connect from " + local + " to " + remote
                    + ": give a port other than 0 and addresses of one family");
        }
        if (memory.available() < TcpConnection.LEAST_MEMORY) {
            askForMemory();
            throw new PortInUse("the connections hold " + memory.used()
                    + " octets already; close some or raise TcpConfig.memoryBudget");
        }
        if (!connections.makeRoom()) {
            throw new PortInUse("there are " + connections.size() + " connections already; close some or raise "
                    + "TcpConfig.maximumConnections");
        }
        Endpoint bound = local.port() == 0
                ? ports.choose(local, remote, endpoint -> connections.get(FourTuple.of(endpoint, remote)) == null)
                : local;
        FourTuple tuple = FourTuple.of(bound, remote);
        if (connections.get(tuple) != null) {
            throw new PortInUse("there is a connection from " + local + " to " + remote + " already");
        }
        var connection = new TcpConnection(
                this, tuple, null, initialSequences.choose(tuple, now), TcpState.SYN_SENT);
        connections.add(connection);
        connection.transmitter.sendSyn(now);
        finish(connection);
        return connection;
    }

    /**
     * Listens for connections.
     *
     * @param local the local address, and a port, or 0 to have one chosen
     * @param backlog how many connections may be half-open, and how many not accepted, from 1
     * @return the listener
     * @throws PortInUse when there is a listener there, the port is reserved, or none is free
     */
    public TcpListener listen(Endpoint local, int backlog) throws PortInUse {
        if (backlog < 1) {
            throw new IllegalArgumentException("a backlog is at least 1, not " + backlog);
        }
        var listener = new TcpListener(this, ports.free(local), backlog);
        ports.add(listener);
        return listener;
    }

    /**
     * Keeps a local port for a connection to come, as {@code bind(2)} does: until it is released nobody else is given
     * it, and nobody can listen there. {@link #connect} may name it, any number of times.
     *
     * @param local the local address, and a port, or 0 to have one chosen
     * @return the address with the port
     * @throws PortInUse when somebody listens there or has reserved it, or no port is free
     */
    public Endpoint reserve(Endpoint local) throws PortInUse {
        return ports.reserve(local);
    }

    /**
     * Gives back what {@link #reserve} kept.
     *
     * @param kept what it returned
     */
    public void release(Endpoint kept) {
        ports.release(kept);
    }

    /**
     * From now on offers connections to addresses that are not ours, before anything is answered: {@link
     * TcpAction.Offered} follows each first SYN, so that the application can first find out whether the destination can
     * be reached. Before this is called they are answered with RST. Beyond the bounds a SYN is dropped; the peer will
     * send it again.
     *
     * @param elsewhere whether an address is not ours
     * @param undecided how many offers may wait for an answer, from 1
     * @param open how many connections there may be that were accepted so, offers included, from 1
     */
    public void forward(Predicate<? super IpAddress> elsewhere, int undecided, int open) {
        if (forwarder != null) {
            throw new IllegalStateException("this stack forwards already");
        }
        forwarder = new TcpForwarder(this, elsewhere, undecided, open);
    }

    /**
     * Takes a packet from the tunnel.
     *
     * @param packet one with protocol 6; the stack owns its array from then on
     * @param now the time
     */
    public void receive(IpPacket packet, long now) {
        arrive(packet, now);
        finish();
    }

    /**
     * Holds acknowledgments of data that arrived in order back until {@link #settle}, up to eight segments: for who has
     * several packets at hand, so that one acknowledgment answers all of them. A host whose network interface merges
     * segments does the same, and RFC 5681 §4.2 allows it: that every second segment is acknowledged is a SHOULD, so
     * that a sender does not wait.
     */
    public void hold() {
        holding = true;
    }

    /**
     * Sends the acknowledgments that {@link #hold} held back, and holds none back any more.
     *
     * @param now the time
     */
    public void settle(long now) {
        holding = false;
        if (!held.isEmpty()) {
            for (TcpConnection connection : held) {
                connection.transmitter.settle(now);
                reschedule(connection);
            }
            held.clear();
            finish();
        }
    }

    /** Whether an acknowledgment may wait for {@link #settle}. */
    boolean holds(TcpConnection connection) {
        if (holding) {
            held.add(connection);
        }
        return holding;
    }

    /**
     * Does what is due.
     *
     * @param now the time; when it is {@link #nextDeadline()} or later, the next deadline is later than now afterwards
     */
    public void tick(long now) {
        while (deadlines.earliest() <= now) {
            TcpConnection connection = deadlines.first();
            Timeouts.process(connection, now);
            reschedule(connection);
        }
        finish();
    }

    /**
     * When {@link #tick} wants to be called.
     *
     * @return a time, or {@link Long#MAX_VALUE} when nothing is under way
     */
    public long nextDeadline() {
        return deadlines.earliest();
    }

    /**
     * Says how large a packet in the tunnel may be. It counts for new and existing connections.
     *
     * @param innerMtu the size of a whole IP packet in octets, 128 to 65,535
     */
    public void mtu(int innerMtu) {
        if (innerMtu < SMALLEST_MTU || innerMtu > 0xffff) {
            throw new IllegalArgumentException("an MTU is " + SMALLEST_MTU + " to 65535, not " + innerMtu);
        }
        mtu = innerMtu;
        connections.all().forEach(TcpConnection::updateSegmentSize);
    }

    /**
     * The tunnel's packets take another path from now on, as after a move (RFC 4555). What was learnt of the former
     * path's round trip is forgotten, the congestion windows begin anew, and what has timed out is sent again at once.
     *
     * @param now the time
     */
    public void pathChanged(long now) {
        for (TcpConnection connection : connections.all()) {
            connection.pathChanged(now);
            reschedule(connection);
        }
        finish();
    }

    /**
     * The network says that a packet of ours could not be delivered (ICMP destination unreachable). It ends a
     * connection that is being opened; an established one may be meant by a forger, and goes on (RFC 5927 §5.2).
     *
     * @param local the source of the packet reported
     * @param remote its destination
     * @param sequence its sequence number
     */
    public void unreachable(Endpoint local, Endpoint remote, int sequence) {
        TcpConnection connection = connections.get(FourTuple.of(local, remote));
        if (connection != null && connection.state == TcpState.SYN_SENT && sequence == connection.send.initial) {
            connection.end(TcpEnd.UNREACHABLE);
            finish();
        }
    }

    /**
     * The network says that a packet of ours was too big for a link on its way (ICMP fragmentation needed, ICMPv6 packet
     * too big). What is sent on that connection is smaller from now on and is sent again, if the packet reported may be
     * under way (RFC 5927 §7.2); but never smaller than 576 octets for IPv4, 1,280 for IPv6 (RFC 8201 §4).
     *
     * @param local the source of the packet reported
     * @param remote its destination
     * @param sequence its sequence number
     * @param mtu the largest packet that link takes, 0 when not told
     * @param now the time
     * @return whether such a packet may be under way
     */
    public boolean tooBig(Endpoint local, Endpoint remote, int sequence, int mtu, long now) {
        TcpConnection connection = connections.get(FourTuple.of(local, remote));
        if (connection == null || connection.recovery == null || !connection.state.canTransmit()
                || !SequenceNumbers.lessOrEqual(connection.send.unacknowledged, sequence)
                || !SequenceNumbers.less(sequence, connection.send.next)) {
            return false;
        }
        if (connection.tooBig(mtu, now)) {
            // RFC 1191 §6.5: sent again at once, and no sign of congestion.
            connection.send.scoreboard.timedOut(0, now);
            connection.transmitter.output(now);
        }
        finish(connection);
        return true;
    }

    /**
     * Ends every connection and listener without sending anything: there is no tunnel any more.
     *
     * @param cause what the connections end with
     */
    public void abortAll(TcpEnd cause) {
        ports.forgetListeners();
        if (forwarder != null) {
            forwarder.forgetUndecided();
        }
        connections.all().forEach(connection -> connection.end(cause));
        finish();
    }

    /**
     * The connections there are, those in TIME-WAIT included.
     *
     * @return how many
     */
    public int connectionCount() {
        return connections.size();
    }

    /**
     * The memory that buffers of all connections take.
     *
     * @return octets, at most {@link TcpConfig#memoryBudget()}
     */
    public long memoryInUse() {
        return memory.used();
    }

    /**
     * What was dropped since the stack was made.
     *
     * @return the number of segments for each reason that occurred
     */
    public Map<TcpDrop, Long> drops() {
        var counts = new EnumMap<TcpDrop, Long>(TcpDrop.class);
        for (TcpDrop reason : TcpDrop.values()) {
            if (drops[reason.ordinal()] > 0) {
                counts.put(reason, drops[reason.ordinal()]);
            }
        }
        return Collections.unmodifiableMap(counts);
    }

    TcpConfig config() {
        return config;
    }

    MemoryBudget memory() {
        return memory;
    }

    long timeWaitNanos() {
        return timeWaitNanos;
    }

    long closeTimeoutNanos() {
        return closeTimeoutNanos;
    }

    long delayedAckNanos() {
        return delayedAckNanos;
    }

    /** The largest payload in a segment to or from this address's family, as our MSS option says (RFC 9293 §3.7.1). */
    int segmentSize(IpAddress address) {
        int ipHeader = address instanceof Ipv4Address ? IpHeader.IPV4_LENGTH : IpHeader.IPV6_LENGTH;
        return Math.min(mtu - ipHeader - TcpHeader.MINIMUM_LENGTH, config.maximumSegmentSize());
    }

    void drop(TcpDrop reason) {
        drops[reason.ordinal()]++;
        if (reason == TcpDrop.NO_MEMORY) {
            memory.missed();
        }
    }

    private void askForMemory() {
        memory.missed();
        finish();
    }

    void emit(TcpAction action) {
        actions.add(action);
    }

    /** Ends a call that concerned one connection. */
    void finish(TcpConnection connection) {
        reschedule(connection);
        finish();
    }

    /** Ends a call: hands out the actions. From within the receiver they wait for the outer call. */
    void finish() {
        if (handingOut) {
            return;
        }
        if (memory.runsShort()) {
            actions.add(new TcpAction.MemoryShort());
        }
        handingOut = true;
        try {
            for (TcpAction action = actions.poll(); action != null; action = actions.poll()) {
                receiver.accept(action);
            }
        } finally {
            handingOut = false;
        }
    }

    int timestampOffset(FourTuple tuple) {
        return initialSequences.timestampOffset(tuple);
    }

    /** Whether one more segment of an attacker, perhaps, may be answered; all connections count (RFC 5961 §7). */
    boolean permitsChallenge(long now) {
        return challenges.permits(now);
    }

    /** What answers segments that fit nothing. */
    StrayResets resets() {
        return resets;
    }

    void enteredTimeWait(TcpConnection connection) {
        connections.enteredTimeWait(connection);
        if (forwarder != null) {
            forwarder.ended(connection);
        }
    }

    void remove(TcpConnection connection) {
        connections.remove(connection);
        if (forwarder != null) {
            forwarder.ended(connection);
        }
        deadlines.update(connection, Long.MAX_VALUE);
        if (connection.listener != null) {
            connection.listener.forget(connection);
        }
    }

    void remove(TcpListener listener) {
        ports.remove(listener);
    }

    private void reschedule(TcpConnection connection) {
        deadlines.update(connection, connection.timers.earliest());
    }

    private void arrive(IpPacket packet, long now) {
        if (packet.protocol() != IpProtocol.TCP || packet.isFragment()) {
            drop(TcpDrop.NOT_A_SEGMENT);
            return;
        }
        if (packet.payloadLength() < TcpHeader.MINIMUM_LENGTH) {
            drop(TcpDrop.MALFORMED);
            return;
        }
        if (!TcpSegment.checksumMatches(packet)) {
            drop(TcpDrop.BAD_CHECKSUM);
            return;
        }
        TcpSegment segment;
        try {
            segment = TcpSegment.parse(packet);
        } catch (MalformedMessage malformed) {
            drop(TcpDrop.MALFORMED);
            return;
        }
        TcpHeader header = segment.header();
        TcpConnection connection = connections.find(packet, header);
        if (connection != null && !mayReplace(connection, segment)) {
            SegmentArrives.process(
                    connection, segment, packet.ecn() == Ecn.CONGESTION_EXPERIENCED, now);
            connection.recheckPath(now);
            reschedule(connection);
        } else {
            var tuple = new FourTuple(
                    packet.destination(), header.destinationPort(), packet.source(), header.sourcePort());
            if (tuple.isPossible()) {
                arriveForNoConnection(tuple, packet, segment, connection, now);
            } else {
                drop(TcpDrop.BAD_ADDRESS);
            }
        }
    }

    /** Whether a segment opens a new connection in place of one in TIME-WAIT (RFC 9293 §3.6.1, RFC 6191 §2). */
    private boolean mayReplace(TcpConnection connection, TcpSegment segment) {
        return connection.state == TcpState.TIME_WAIT
                && (segment.header().flags() & (TcpFlags.SYN | TcpFlags.ACK | TcpFlags.RST | TcpFlags.FIN))
                        == TcpFlags.SYN
                && isNewer(connection, segment)
                && (ports.listener(connection.local) != null || forwards(connection.tuple.local()));
    }

    /** A SYN cannot be an old one when its timestamp is later than the last seen or, without timestamps, its number. */
    private boolean isNewer(TcpConnection former, TcpSegment syn) {
        boolean higher = SequenceNumbers.less(former.receive.next - 1, syn.sequence());
        TcpOptions options = syn.header().options();
        if (!options.timestamped() || !config.timestamps()) {
            return higher;
        }
        int later = options.timestampValue() - former.timestamps.echo();
        return !former.timestamps.inUse() || later > 0 || later == 0 && higher;
    }

    /** The connection with a four-tuple, null when there is none. */
    TcpConnection connection(FourTuple tuple) {
        return connections.get(tuple);
    }

    /** RFC 9293 §3.10.7.1 (CLOSED) and §3.10.7.2 (LISTEN). */
    private void arriveForNoConnection(
            FourTuple tuple, IpPacket packet, TcpSegment segment, TcpConnection former, long now) {
        TcpListener listener = ports.listener(new Endpoint(tuple.local(), tuple.localPort()));
        boolean offered = listener == null && forwards(tuple.local());
        if (segment.has(TcpFlags.RST)) {
            drop(TcpDrop.NO_CONNECTION);
        } else if (listener == null && !offered || segment.has(TcpFlags.ACK)) {
            drop(TcpDrop.NO_CONNECTION);
            resets.answer(IpHeader.of(tuple.local(), tuple.remote(), IpProtocol.TCP), segment, now);
        } else if (!segment.has(TcpFlags.SYN) || segment.has(TcpFlags.FIN)) {
            drop(TcpDrop.BAD_FLAGS);
        } else if (offered) {
            forwarder.arrive(tuple, segment, packet);
        } else if (listener.isFull() || !listener.makeRoom()) {
            drop(TcpDrop.BACKLOG_FULL);
        } else if (memory.available() < TcpConnection.LEAST_MEMORY) {
            drop(TcpDrop.NO_MEMORY);
        } else if (former == null && !connections.makeRoom()) {
            drop(TcpDrop.TOO_MANY_CONNECTIONS);
        } else {
            open(listener, tuple, segment, former, now);
        }
    }

    private boolean forwards(IpAddress local) {
        return forwarder != null && forwarder.takes(local);
    }

    /** Opens a connection that was offered; in place of one in TIME-WAIT, if there is one. */
    TcpConnection acceptOffered(FourTuple tuple, TcpSegment syn, long now) throws PortInUse {
        TcpConnection former = connections.get(tuple);
        if (former == null && !connections.makeRoom()) {
            throw new PortInUse("there are " + connections.size() + " connections already");
        }
        if (memory.available() < TcpConnection.LEAST_MEMORY) {
            askForMemory();
            throw new PortInUse("the connections hold " + memory.used() + " octets already");
        }
        return open(null, tuple, syn, former, now);
    }

    private TcpConnection open(
            TcpListener listener, FourTuple tuple, TcpSegment syn, TcpConnection former, long now) {
        int sequence = initialSequences.choose(tuple, now);
        if (former != null) {
            // Numbers must not be used twice while segments of the former connection may be under way.
            sequence = SequenceNumbers.max(sequence, former.send.next + (1 << 17));
            former.end(TcpEnd.NORMAL);
        }
        var connection = new TcpConnection(this, tuple, listener, sequence, TcpState.SYN_RECEIVED);
        connections.add(connection);
        if (listener != null) {
            listener.halfOpened(connection);
        }
        connection.synchronise(syn, now);
        connection.transmitter.sendSyn(now);
        reschedule(connection);
        return connection;
    }
}
