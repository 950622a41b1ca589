package jkipsec.tcp;

import static jkipsec.tcp.ScriptedPeer.ACK;
import static jkipsec.tcp.ScriptedPeer.ISS;
import static jkipsec.tcp.ScriptedPeer.MSS;
import static jkipsec.tcp.ScriptedPeer.SYN;
import static jkipsec.tcp.TcpPair.MILLIS;
import static jkipsec.tcp.TcpPair.SECOND;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import jkipsec.ip.Endpoint;
import org.junit.jupiter.api.Test;

/** Buffers that grow with the bandwidth-delay product, within the memory of a connection and of a stack. */
class BufferTuningTest {
    private static final int KIB = 1024;

    private TcpPair pair;
    private TcpPair.App client;
    private TcpPair.App server;

    private void open(TcpConfig config) throws PortInUse {
        pair = new TcpPair(1, config);
        for (TcpPair.Side side : List.of(pair.a, pair.b)) {
            side.stack.mtu(1400);
            side.link.delay = 50 * MILLIS;
            side.link.rate = 100_000_000;
            side.link.queue = 4 << 20;
        }
        pair.b.listen(80);
        client = pair.a.connect(80);
        pair.run(500 * MILLIS);
        server = pair.b.accepted.get(0);
    }

    private long secondsFor(int octets) {
        byte[] data = TcpPair.octets(1, octets);
        long begin = pair.now;
        pair.a.write(client, data);
        while (server.receivedLength < octets) {
            pair.run(10 * MILLIS);
        }
        assertArrayEquals(data, server.received());
        return (pair.now - begin) / SECOND;
    }

    @Test
    void buffersBeginAtSixtyFourKibibytesAndGrowToTheBandwidthDelayProduct() throws PortInUse {
        for (boolean timestamps : new boolean[] {true, false}) {
            open(TcpConfig.defaults().withTimestamps(timestamps));
            assertEquals(64 * KIB, client.connection.sendCapacity());
            assertEquals(64 * KIB, server.connection.receiveCapacity());
            // 1.25 MB at 100 Mbit/s and 100 ms: with 64 KiB this would take 18 s.
            assertTrue(secondsFor(12_000_000) <= 3, "timestamps " + timestamps);
            assertTrue(client.connection.sendCapacity() >= 1 << 20);
            assertTrue(server.connection.receiveCapacity() >= 1 << 20);
            assertEquals(64 * KIB, server.connection.sendCapacity(), "the other direction carried nothing");
            assertEquals(64 * KIB, client.connection.receiveCapacity());
        }
    }

    @Test
    void aSizeThatIsSetStays() throws PortInUse {
        open(TcpConfig.defaults());
        server.connection.receiveBuffer(100 * KIB, pair.now);
        client.connection.sendBuffer(200 * KIB);
        secondsFor(3_000_000);
        assertEquals(100 * KIB, server.connection.receiveCapacity());
        assertEquals(200 * KIB, client.connection.sendCapacity());
        assertThrows(IllegalArgumentException.class, () -> client.connection.sendBuffer(0));
        assertThrows(IllegalArgumentException.class, () -> client.connection.receiveBuffer(-1, 0));
    }

    @Test
    void aSendBufferMadeLargerTellsOfTheRoom() {
        var peer = new ScriptedPeer(TcpConfig.defaults()).accepted();
        peer.connection.sendBuffer(100 * KIB);
        assertTrue(peer.events.contains(new TcpAction.SendSpace(peer.connection, 36 * KIB)));
        assertEquals(100 * KIB, peer.connection.sendSpace());
        peer.connection.sendBuffer(10 * KIB);
        assertEquals(10 * KIB, peer.connection.sendSpace());
        peer.write(10 * KIB);
        assertEquals(0, peer.connection.sendSpace());
    }

    @Test
    void aReceiveBufferMadeSmallerTakesNoWindowBack() {
        var peer = new ScriptedPeer(TcpConfig.defaults()).accepted();
        peer.consumes = false;
        int edge = peer.connection.receive.edge();
        peer.connection.receiveBuffer(4 * KIB, peer.now);
        for (int at = 0; at + MSS <= 60_000; at += MSS) {
            peer.data(at, MSS);
            assertEquals(edge, peer.connection.receive.edge());
        }
        assertEquals(60_000, peer.received.size());
    }

    @Test
    void whatAnApplicationDoesNotConsumeEarnsNoLargerWindow() throws PortInUse {
        open(TcpConfig.defaults());
        server.consumes = false;
        pair.a.write(client, TcpPair.octets(1, 1_000_000));
        pair.run(60 * SECOND);
        assertEquals(64 * KIB, server.connection.receiveCapacity());
        assertTrue(pair.b.stack.memoryInUse() <= 128 * KIB);
    }

    @Test
    void manyConnectionsShareTheMemoryOfAStack() throws PortInUse {
        TcpConfig config = TcpConfig.defaults().withMemory(64 * KIB, 1 << 20);
        var stackPair = new TcpPair(1, config);
        stackPair.b.listen(80);
        var clients = new ArrayList<TcpPair.App>();
        for (int i = 0; i < 100; i++) {
            clients.add(stackPair.a.connect(80));
            stackPair.run(20 * MILLIS);
        }
        assertEquals(100, stackPair.b.accepted.size());
        stackPair.b.accepted.forEach(app -> app.consumes = false);
        byte[] data = TcpPair.octets(1, 100_000);
        for (TcpPair.App each : clients) {
            stackPair.a.write(each, data);
        }
        for (int i = 0; i < 600; i++) {
            stackPair.run(100 * MILLIS);
            assertTrue(stackPair.b.stack.memoryInUse() <= 1 << 20);
            assertTrue(stackPair.a.stack.memoryInUse() <= 1 << 20);
        }
        assertTrue(stackPair.b.stack.memoryInUse() > 900_000, "nearly all of it is in use");
        stackPair.b.accepted.forEach(stackPair.b::consumeAll);
        stackPair.run(600 * SECOND);
        for (TcpPair.App each : stackPair.b.accepted) {
            assertArrayEquals(data, each.received(), "every stream goes on when there is memory again");
        }
        clients.forEach(each -> each.connection.close(stackPair.now));
        stackPair.b.accepted.forEach(each -> each.connection.close(stackPair.now));
        stackPair.settle(600 * SECOND);
        assertEquals(0, stackPair.a.stack.memoryInUse());
        assertEquals(0, stackPair.b.stack.memoryInUse());
    }

    @Test
    void aConnectionThatNobodyReadsLeavesTheOthersTheirLeast() throws PortInUse {
        var stackPair = new TcpPair(1, TcpConfig.defaults().withMemory(64 * KIB, 128 * KIB));
        stackPair.b.listen(80);
        var clients = new ArrayList<TcpPair.App>();
        for (int i = 0; i < 4; i++) {
            clients.add(stackPair.a.connect(80));
            stackPair.run(SECOND);
        }
        TcpPair.App served = stackPair.b.accepted.get(3);
        stackPair.b.accepted.forEach(app -> app.consumes = app == served);
        byte[] data = TcpPair.octets(1, 50_000);
        for (TcpPair.App each : clients.subList(0, 3)) {
            stackPair.a.write(each, data);
        }
        stackPair.run(10 * SECOND);
        stackPair.a.write(clients.get(3), data);
        stackPair.run(60 * SECOND);
        assertArrayEquals(data, served.received());
        assertTrue(stackPair.b.stack.memoryInUse() <= 128 * KIB);
    }

    @Test
    void whatWasReadAndNotReportedIsAskedForWhenMemoryRunsShort() throws PortInUse {
        var stackPair = new TcpPair(1, TcpConfig.defaults().withMemory(64 * KIB, 1 << 20));
        stackPair.b.listen(80);
        var clients = new ArrayList<TcpPair.App>();
        for (int i = 0; i < 100; i++) {
            clients.add(stackPair.a.connect(80));
            stackPair.run(20 * MILLIS);
        }
        stackPair.b.accepted.forEach(app -> app.reportsLate = true);
        byte[] data = TcpPair.octets(1, 15_000);
        for (TcpPair.App each : clients) {
            stackPair.a.write(each, data);
            stackPair.run(20 * MILLIS);
            assertTrue(stackPair.b.stack.memoryInUse() <= 1 << 20);
        }
        stackPair.run(SECOND);
        for (TcpPair.App each : stackPair.b.accepted) {
            assertArrayEquals(data, each.received());
        }
        assertEquals(Map.of(), stackPair.b.stack.drops(), "asked before anything had to be dropped");
    }

    @Test
    void dataOutOfOrderGivesWayToTheDataInFrontOfIt() {
        var peer = new ScriptedPeer(TcpConfig.defaults().withMemory(64 * KIB, 64 * KIB)).accepted();
        peer.consumes = false;
        int held = 0;
        for (int at = 2 * MSS; peer.dropped(TcpDrop.NO_MEMORY) == 0; at += MSS) {
            peer.data(at, MSS);
            held = at;
        }
        assertTrue(held > 20 * MSS, "the spare memory is full of data out of order");
        assertFalse(peer.connection.receive.reassembly.isEmpty());
        // Something else takes the last quarter.
        peer.stack.memory().take((int) peer.stack.memory().available());
        peer.data(0, MSS);
        peer.data(MSS, MSS);
        assertEquals(2 * MSS, peer.received.size());
        assertTrue(peer.connection.receive.reassembly.isEmpty());
        peer.data(2 * MSS, MSS);
        assertEquals(3 * MSS, peer.received.size(), "and is taken when it is sent again");
    }

    @Test
    void anIdleSendBufferIsGivenUpOnlyWithTheApplicationsConsent() {
        var peer = new ScriptedPeer(TcpConfig.defaults()).accepted();
        assertFalse(peer.connection.shrinkIdle(size -> true, peer.now), "it was opened just now");
        peer.write(10 * MSS);
        peer.ack(10 * MSS);
        peer.pass(2000);
        assertFalse(peer.connection.shrinkIdle(size -> false, peer.now));
        assertEquals(64 * KIB, peer.connection.sendCapacity());
        long before = peer.stack.memoryInUse();
        assertTrue(peer.connection.shrinkIdle(size -> size == SendTuning.LEAST, peer.now));
        assertEquals(SendTuning.LEAST, peer.connection.sendSpace());
        assertEquals(before - 64 * KIB + SendTuning.LEAST, peer.stack.memoryInUse());
        assertEquals(0, peer.connection.send.buffer.footprint());
        assertFalse(peer.connection.shrinkIdle(size -> true, peer.now), "it is small already");
        peer.write(2 * MSS);
        peer.ack(12 * MSS);
        assertTrue(peer.connection.sendCapacity() > SendTuning.LEAST, "used, it grows again");
        assertFalse(peer.connection.shrinkIdle(size -> true, peer.now), "it was used just now");
        peer.write(MSS);
        peer.pass(2000);
        assertFalse(peer.connection.shrinkIdle(size -> true, peer.now), "something is unacknowledged");
    }

    @Test
    void aSendBufferThatMayNotGrowHasOthersAsked() {
        var peer = new ScriptedPeer(TcpConfig.defaults()).accepted();
        MemoryBudget memory = peer.stack.memory();
        // Others use what can wait, but for a little.
        memory.take((int) memory.spare() - 10 * KIB);
        assertFalse(memory.runsShort());
        fillTheBuffer(peer, 0);
        assertEquals(0, timesAsked(peer), "the congestion window is what limits it");
        fillTheBuffer(peer, 1);
        assertEquals(1, timesAsked(peer));
        fillTheBuffer(peer, 2);
        assertEquals(1, timesAsked(peer), "not again for a second");
        peer.now += SECOND;
        fillTheBuffer(peer, 3); // after the pause the congestion window begins anew
        fillTheBuffer(peer, 4);
        assertEquals(2, timesAsked(peer));
        assertEquals(64 * KIB, peer.connection.sendCapacity());
        memory.give(64 * KIB);
        fillTheBuffer(peer, 5);
        assertEquals(128 * KIB, peer.connection.sendCapacity(), "it grows when somebody gave something up");
    }

    private static void fillTheBuffer(ScriptedPeer peer, int round) {
        peer.write(50 * MSS);
        for (int sent = 1; sent <= 50; sent++) {
            peer.ack(round * 50 * MSS + sent * MSS);
        }
    }

    private static long timesAsked(ScriptedPeer peer) {
        return peer.events.stream().filter(new TcpAction.MemoryShort()::equals).count();
    }

    @Test
    void aShutWindowOpensForWhatAConnectionIsSureOf() {
        var peer = new ScriptedPeer(TcpConfig.defaults().withMemory(16 * KIB, 64 * KIB)).accepted();
        peer.consumes = false;
        for (int at = 0; at < 16 * KIB; at += KIB) {
            peer.data(at, KIB);
        }
        ReceiveSequence receive = peer.connection.receive;
        assertEquals(0, receive.window());
        receive.consumed(16 * KIB);
        MemoryBudget memory = peer.stack.memory();
        memory.take((int) memory.available());
        assertEquals(ReceiveSequence.LEAST, receive.windowField(8_960) << receive.scale, "though a segment may be longer");
    }

    @Test
    void aSendBufferThatTheApplicationSetIsNotGivenUp() {
        var peer = new ScriptedPeer(TcpConfig.defaults()).accepted();
        peer.connection.sendBuffer(20 * KIB);
        peer.pass(2000);
        assertFalse(peer.connection.shrinkIdle(size -> true, peer.now));
    }

    @Test
    void withoutMemoryThereAreNoNewConnections() throws PortInUse {
        var peer = new ScriptedPeer(TcpConfig.defaults().withMemory(64 * KIB, 64 * KIB)).listening();
        for (int i = 0; i < 16; i++) {
            peer.stack.connect(ScriptedPeer.HOST, new Endpoint(ScriptedPeer.PEER.address(), 1 + i), peer.now);
        }
        peer.events.clear();
        var refused = assertThrows(PortInUse.class,
                () -> peer.stack.connect(ScriptedPeer.HOST, ScriptedPeer.PEER, peer.now));
        assertTrue(refused.getMessage().contains("memoryBudget"), refused.getMessage());
        assertTrue(peer.events.contains(new TcpAction.MemoryShort()), "a connection that is idle may give some up");
        peer.sent.clear();
        peer.raw(SYN, ISS, 0, TcpOptions.NONE, 0);
        peer.expectNothing();
        assertEquals(1, peer.dropped(TcpDrop.NO_MEMORY));
    }

    @Test
    void islandsCostPagesNotTheWindow() {
        var peer = new ScriptedPeer().accepted();
        peer.data(0, 1);
        peer.pass(40); // now the window is 1 MiB
        for (int i = 0; i < 300; i++) {
            peer.raw(ACK, ISS + 1 + ReassemblyBuffer.PAGE * (i + 1), peer.hostIss + 1, TcpOptions.NONE, 1);
        }
        assertEquals(ReassemblyBuffer.MAXIMUM_RANGES, peer.connection.receive.reassembly.ranges());
        assertEquals(300 - ReassemblyBuffer.MAXIMUM_RANGES, peer.dropped(TcpDrop.TOO_MANY_GAPS));
        assertTrue(peer.connection.receive.reassembly.footprint()
                <= peer.connection.receive.reassembly.ranges() * ReassemblyBuffer.PAGE + 8 * KIB);
    }
}
