package jkipsec.tcp;

import static jkipsec.tcp.ScriptedPeer.ACK;
import static jkipsec.tcp.ScriptedPeer.FIN;
import static jkipsec.tcp.ScriptedPeer.HOST;
import static jkipsec.tcp.ScriptedPeer.ISS;
import static jkipsec.tcp.ScriptedPeer.MSS;
import static jkipsec.tcp.ScriptedPeer.PEER;
import static jkipsec.tcp.ScriptedPeer.SYN;

import java.util.ArrayList;
import java.util.List;
import jkipsec.ip.IpHeader;
import jkipsec.ip.IpProtocol;

/** One stack in a given state, what is done to it in the words of the conformance table, and what came of it. */
final class ConformanceScene {
    private final ScriptedPeer peer;
    private final TcpState before;

    /** The numbers that the table counts from: RCV.NXT and SND.NXT in the given state. */
    private final int received;
    private final int sent;

    private final boolean stamped;
    private final int stamp = 5000;
    private String thrown = "";

    /** A state, perhaps with "ts" for timestamps, "flight" for data not acknowledged, "shut" for no receive window. */
    ConformanceScene(String given) {
        List<String> words = List.of(given.split(" "));
        stamped = words.contains("ts");
        TcpConfig config = words.contains("shut") ? ScriptedPeer.ROOMY.withBuffers(1 << 20, 1000) : ScriptedPeer.ROOMY;
        peer = new ScriptedPeer(config.withTimestamps(stamped));
        peer.consumes = !words.contains("shut") && !words.contains("unread");
        prepare(words.get(0));
        TcpConnection connection = peer.connection;
        if (words.contains("shut")) {
            raw(ACK, connection.receive.next, connection.send.next, 1000);
        }
        if (words.contains("unread")) {
            raw(ACK, connection.receive.next, connection.send.next, 10);
            peer.pass(100);
        }
        if (words.contains("flight")) {
            connection.noDelay(true);
            peer.write(100);
        }
        if (words.contains("unsent")) {
            peer.window = 0;
            raw(ACK, connection.receive.next, connection.send.next, 0);
            peer.write(100);
        }
        before = connection == null ? null : connection.state();
        received = connection == null || connection.state() == TcpState.SYN_SENT ? ISS : connection.receive.next;
        sent = connection == null ? 1_000_000 : connection.send.next;
        peer.sent.clear();
        peer.events.clear();
        peer.received.reset();
    }

    private void prepare(String state) {
        switch (state) {
            case "CLOSED" -> peer.hostIss = 1_000_000;
            case "LISTEN" -> peer.listening();
            case "SYN_SENT" -> peer.connecting();
            case "SYN_RECEIVED" -> {
                peer.listening();
                peer.raw(SYN, ISS, 0, synOptions(), 0);
                peer.hostIss = peer.expect(SYN | ACK).sequence();
                peer.connection = peer.stack.connection(FourTuple.of(HOST, PEER));
            }
            case "SIMULTANEOUS" -> {
                peer.connecting();
                peer.raw(SYN, ISS, 0, synOptions(), 0);
            }
            default -> {
                prepare("SYN_RECEIVED");
                raw(ACK, ISS + 1, peer.hostIss + 1, 0);
                walk(TcpState.valueOf(state));
            }
        }
    }

    /** From ESTABLISHED to a later state. */
    private void walk(TcpState state) {
        TcpConnection connection = peer.connection;
        int next = ISS + 1;
        int mine = peer.hostIss + 1;
        switch (state) {
            case ESTABLISHED -> { }
            case FIN_WAIT_1 -> connection.shutdownOutput(peer.now);
            case FIN_WAIT_2 -> {
                connection.shutdownOutput(peer.now);
                raw(ACK, next, mine + 1, 0);
            }
            case CLOSE_WAIT -> raw(ACK | FIN, next, mine, 0);
            case CLOSING -> {
                connection.shutdownOutput(peer.now);
                raw(ACK | FIN, next, mine, 0);
            }
            case LAST_ACK -> {
                raw(ACK | FIN, next, mine, 0);
                connection.shutdownOutput(peer.now);
            }
            case TIME_WAIT -> {
                connection.shutdownOutput(peer.now);
                raw(ACK | FIN, next, mine + 1, 0);
            }
            default -> throw new AssertionError(state);
        }
        if (connection.state() != state) {
            throw new AssertionError("in " + connection.state() + ", not " + state);
        }
    }

    private TcpOptions synOptions() {
        var options = new TcpOptions(MSS, 0);
        return stamped ? options.withTimestamp(stamp, 0) : options;
    }

    private void raw(int flags, int sequence, int acknowledgment, int length) {
        peer.raw(flags, sequence, acknowledgment, stamped ? TcpOptions.timestamp(stamp, 0) : TcpOptions.NONE, length);
    }

    /** Does one step: a call, time that passes, or a segment. */
    void act(String step) {
        String[] words = step.split(" ");
        TcpConnection connection = peer.connection;
        try {
            switch (words[0]) {
                case "write" -> connection.write(new byte[100], 0, 100, peer.now);
                case "shutdown-output" -> connection.shutdownOutput(peer.now);
                case "shutdown-input" -> connection.shutdownInput(peer.now);
                case "close" -> connection.close(peer.now);
                case "abort" -> connection.abort(peer.now);
                case "consume" -> connection.consumed(1 << 20, peer.now);
                case "unlisten" -> peer.listener.close(peer.now);
                case "pass" -> peer.pass(Long.parseLong(words[1]));
                default -> segment(words);
            }
        } catch (IllegalStateException e) {
            thrown += "; throws IllegalStateException";
        }
    }

    private void segment(String[] words) {
        int flags = flags(words[0]);
        int sequence = received;
        int acknowledgment = sent;
        int length = 0;
        int time = stamp;
        boolean options = stamped;
        boolean broken = false;
        for (int i = 1; i < words.length; i++) {
            String[] pair = words[i].split("=");
            switch (pair[0]) {
                case "seq" -> sequence = received + Integer.parseInt(pair[1]);
                case "ack" -> acknowledgment = sent + Integer.parseInt(pair[1]);
                case "len" -> length = Integer.parseInt(pair[1]);
                case "win" -> peer.window = Integer.parseInt(pair[1]);
                case "ts" -> time = stamp + Integer.parseInt(pair[1]);
                case "nots" -> options = false;
                case "broken" -> broken = true;
                default -> throw new AssertionError(words[i]);
            }
        }
        TcpOptions stamps = options ? TcpOptions.timestamp(time, 0) : TcpOptions.NONE;
        if (broken) {
            var header = new TcpHeader(peer.peer.port(), peer.host.port(), sequence, acknowledgment, flags, 1000, stamps);
            byte[] packet = new TcpSegment(header, new byte[length], 0, length)
                    .toPacket(IpHeader.of(peer.peer.address(), peer.host.address(), IpProtocol.TCP)).toByteArray();
            packet[36]++;
            peer.raw(packet);
        } else {
            peer.raw(flags, sequence, acknowledgment, stamps, length);
        }
    }

    private static int flags(String names) {
        int flags = 0;
        for (String name : names.split(",")) {
            flags |= switch (name) {
                case "FIN" -> TcpFlags.FIN;
                case "SYN" -> TcpFlags.SYN;
                case "RST" -> TcpFlags.RST;
                case "PSH" -> TcpFlags.PSH;
                case "ACK" -> TcpFlags.ACK;
                case "URG" -> TcpFlags.URG;
                case "ECE" -> TcpFlags.ECE;
                case "CWR" -> TcpFlags.CWR;
                case "NONE" -> 0;
                case "ALL" -> 0xff;
                default -> throw new AssertionError("no such step or flag: " + name);
            };
        }
        return flags;
    }

    /** Everything that came of it: what was sent, the state if it is another one, what the application was told. */
    String outcome() {
        List<String> parts = new ArrayList<>();
        String last = "";
        for (TcpSegment segment : peer.sent) {
            String text = describe(segment);
            if (text.equals(last)) { // how often depends on the timers, which are not this table's subject
                parts.set(parts.size() - 1, text + " repeated");
            } else {
                parts.add(text);
            }
            last = text;
        }
        TcpConnection connection = peer.connection;
        if (connection != null && connection.state() != before) {
            parts.add("state " + connection.state());
        }
        TcpConnection now = peer.stack.connection(FourTuple.of(peer.host, peer.peer));
        if (now != null && now != connection) {
            parts.add("new connection " + now.state());
        }
        if (peer.received.size() > 0) {
            parts.add("delivered " + peer.received.size());
        }
        for (TcpAction event : peer.events) {
            switch (event) {
                case TcpAction.Opened opened -> parts.add("opened");
                case TcpAction.Accepted accepted -> parts.add("accepted");
                case TcpAction.EndOfStream end -> parts.add("end of stream");
                case TcpAction.Closed(TcpConnection c, TcpEnd cause) -> parts.add("closed " + cause);
                default -> { }
            }
        }
        return (parts.isEmpty() ? "nothing" : String.join("; ", parts)) + thrown;
    }

    private String describe(TcpSegment segment) {
        String text = TcpFlags.toString(segment.header().flags() & ~TcpFlags.PSH)
                + (segment.has(SYN) ? "" : segment.sequence() == 0 ? " at 0" : " seq=" + (segment.sequence() - sent))
                + (segment.has(ACK) ? " ack=" + (segment.acknowledgment() - received) : "");
        return segment.payloadLength() == 0 ? text : text + " len=" + segment.payloadLength();
    }
}
