package jkipsec.tcp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Random;
import jkipsec.bytes.PacketBuffer;
import jkipsec.ip.Endpoint;
import jkipsec.ip.IpHeader;
import jkipsec.ip.IpPacket;
import jkipsec.ip.IpProtocol;

/**
 * One stack under test and a peer whose every segment the test writes. Sequence numbers of the peer count from {@link
 * #ISS}; {@code data} and {@code ack} take offsets into the streams, whose first octet is 0.
 */
final class ScriptedPeer {
    static final int SYN = TcpFlags.SYN;
    static final int ACK = TcpFlags.ACK;
    static final int FIN = TcpFlags.FIN;
    static final int RST = TcpFlags.RST;
    static final int PSH = TcpFlags.PSH;

    /** The peer's initial sequence number, soon to wrap around. */
    static final int ISS = -500;

    static final int MSS = 1000;

    /** Buffers that do not change and are larger than most tests fill. */
    static final TcpConfig ROOMY = TcpConfig.defaults().withBuffers(1 << 20, 1 << 20).withMemory(1 << 20, 1 << 30);

    static final Endpoint HOST = Endpoint.parse("10.8.0.1:80");
    static final Endpoint PEER = Endpoint.parse("10.8.0.2:50000");

    final TcpStack stack;
    final List<TcpAction> events = new ArrayList<>();
    final Deque<TcpSegment> sent = new ArrayDeque<>();
    final ByteArrayOutputStream received = new ByteArrayOutputStream();
    long now = 5_000_000_000L;
    TcpConnection connection;
    TcpListener listener;
    Endpoint host = HOST;
    Endpoint peer = PEER;
    /** The stack's initial sequence number. */
    int hostIss;
    /** What the peer says its window is, in the field. */
    int window = 60_000;
    boolean consumes = true;

    ScriptedPeer() {
        this(ROOMY);
    }

    /** A stack that holds acknowledgments back from the beginning, so that tests see what causes each. */
    ScriptedPeer(TcpConfig config) {
        this(config.withQuickAcknowledgments(0), 7);
    }

    private ScriptedPeer(TcpConfig config, int seed) {
        var random = new Random(seed);
        stack = new TcpStack(config, random::nextBytes, this::act);
        stack.mtu(MSS + 40);
    }

    /** A stack with exactly this configuration. */
    static ScriptedPeer exactly(TcpConfig config) {
        return new ScriptedPeer(config, 7);
    }

    private void act(TcpAction action) {
        switch (action) {
            case TcpAction.Transmit(PacketBuffer packet) -> sent.add(TcpPair.segment(packet.toByteArray()));
            case TcpAction.Deliver(TcpConnection c, byte[] array, int offset, int length) -> {
                received.write(array, offset, length);
                if (consumes) {
                    c.consumed(length, now);
                }
            }
            default -> events.add(action);
        }
    }

    /** The peer listens and the stack connects. */
    ScriptedPeer connecting() {
        try {
            peer = new Endpoint(PEER.address(), 7);
            connection = stack.connect(new Endpoint(HOST.address(), 0), peer, now);
        } catch (PortInUse e) {
            throw new AssertionError(e);
        }
        host = connection.local();
        TcpSegment syn = expect(SYN);
        hostIss = syn.sequence();
        return this;
    }

    /** A connection the stack opened, without scaling. */
    ScriptedPeer connected() {
        connecting();
        raw(SYN | ACK, ISS, hostIss + 1, new TcpOptions(MSS, TcpOptions.ABSENT), 0);
        expect(ACK);
        assertEquals(TcpState.ESTABLISHED, connection.state());
        return this;
    }

    ScriptedPeer listening() {
        try {
            listener = stack.listen(HOST, 4);
        } catch (PortInUse e) {
            throw new AssertionError(e);
        }
        return this;
    }

    /** A connection the peer opened, with windows scaled by 0 at the peer. */
    ScriptedPeer accepted() {
        return accepted(new TcpOptions(MSS, 0));
    }

    /** The same with selective acknowledgments. */
    ScriptedPeer acceptedWithSack() {
        return accepted(new TcpOptions(MSS, 0).withSackPermitted());
    }

    private ScriptedPeer accepted(TcpOptions offer) {
        listening();
        raw(SYN, ISS, 0, offer, 0);
        hostIss = expect(SYN | ACK).sequence();
        ack(0);
        connection = lastAccepted();
        return this;
    }

    TcpConnection lastAccepted() {
        TcpConnection found = null;
        for (TcpAction action : events) {
            if (action instanceof TcpAction.Accepted(TcpListener l, TcpConnection c)) {
                found = c;
            }
        }
        assertNotNull(found, "nothing was accepted: " + events);
        return found;
    }

    /** Sends any segment; its payload is {@code length} octets of the stream at that sequence number. */
    void raw(int flags, int sequence, int acknowledgment, TcpOptions options, int length) {
        byte[] payload = new byte[length];
        for (int i = 0; i < length; i++) {
            payload[i] = octet(sequence + i - ISS - 1);
        }
        raw(flags, sequence, acknowledgment, options, payload);
    }

    void raw(int flags, int sequence, int acknowledgment, TcpOptions options, byte[] payload) {
        var header = new TcpHeader(peer.port(), host.port(), sequence, acknowledgment, flags, window, options);
        raw(header, payload);
    }

    void raw(TcpHeader header, byte[] payload) {
        var segment = new TcpSegment(header, payload, 0, payload.length);
        raw(segment.toPacket(IpHeader.of(peer.address(), host.address(), IpProtocol.TCP)).toByteArray());
    }

    void raw(byte[] packet) {
        IpPacket parsed = TcpPair.packet(packet);
        stack.receive(parsed, now);
    }

    /** Sends octets of the peer's stream, acknowledging nothing new. */
    void data(int offset, int length) {
        data(offset, length, 0);
    }

    void data(int offset, int length, int acknowledged) {
        raw(ACK, ISS + 1 + offset, hostIss + 1 + acknowledged, TcpOptions.NONE, length);
    }

    /** Acknowledges octets of the stack's stream; the peer has sent nothing yet. */
    void ack(int acknowledged) {
        data(0, 0, acknowledged);
    }

    /** What the peer's stream holds at an offset. */
    static byte octet(int offset) {
        return (byte) (offset * 31 + (offset >> 8));
    }

    static byte[] stream(int length) {
        byte[] octets = new byte[length];
        for (int i = 0; i < length; i++) {
            octets[i] = octet(i);
        }
        return octets;
    }

    void write(int length) {
        assertEquals(length, connection.write(stream(length), 0, length, now));
    }

    /** The next segment the stack sent, which has exactly these flags; PSH does not matter. */
    TcpSegment expect(int flags) {
        TcpSegment segment = sent.poll();
        assertNotNull(segment, "nothing was sent");
        assertEquals(TcpFlags.toString(flags), TcpFlags.toString(segment.header().flags() & ~PSH), segment.toString());
        return segment;
    }

    /** The next segment is data of the stack's stream. */
    TcpSegment expectData(int offset, int length) {
        TcpSegment segment = expect(ACK);
        assertEquals("data " + offset + "+" + length,
                "data " + (segment.sequence() - hostIss - 1) + "+" + segment.payloadLength());
        return segment;
    }

    /** The next segment is an acknowledgment without data, of so many octets of the peer's stream. */
    TcpSegment expectAck(int acknowledged) {
        TcpSegment segment = expect(ACK);
        assertEquals(0, segment.payloadLength(), segment.toString());
        assertEquals(acknowledged, segment.acknowledgment() - ISS - 1, segment.toString());
        return segment;
    }

    void expectNothing() {
        assertTrue(sent.isEmpty(), () -> "sent " + sent);
    }

    /** Lets time pass, acting on every deadline on the way. */
    void pass(long millis) {
        long end = now + millis * TcpPair.MILLIS;
        while (stack.nextDeadline() <= end) {
            now = stack.nextDeadline();
            stack.tick(now);
            assertTrue(stack.nextDeadline() > now, "the deadline did not move");
        }
        now = end;
    }

    /** The time until the next deadline. */
    long millisToDeadline() {
        return (stack.nextDeadline() - now) / TcpPair.MILLIS;
    }

    TcpEnd end() {
        for (TcpAction action : events) {
            if (action instanceof TcpAction.Closed(TcpConnection c, TcpEnd cause) && c == connection) {
                return cause;
            }
        }
        return null;
    }

    boolean endOfStream() {
        return events.stream().anyMatch(TcpAction.EndOfStream.class::isInstance);
    }

    long dropped(TcpDrop reason) {
        return stack.drops().getOrDefault(reason, 0L);
    }
}
