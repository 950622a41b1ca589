package jkipsec.tcp;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import jkipsec.ip.Endpoint;
import org.junit.jupiter.api.Test;

/** Two stacks talk over a link. Time is virtual, so how long something takes is exact. */
class TransferTest {
    private static final long MILLIS = TcpPair.MILLIS;

    private final TcpPair pair = new TcpPair(42);

    private TcpPair.App client;
    private TcpPair.App server;

    private void open() throws PortInUse {
        pair.a.stack.mtu(1400);
        pair.b.stack.mtu(1400);
        pair.b.listen(80);
        client = pair.a.connect(80);
        pair.run(500 * MILLIS);
        server = pair.b.accepted.get(0);
    }

    @Test
    void aLostSegmentIsRepairedWithoutTheTimer() throws PortInUse {
        open();
        byte[] data = TcpPair.octets(1, 100_000);
        boolean[] lost = new boolean[1];
        pair.a.link.lose = segment -> {
            boolean lose = !lost[0] && server.receivedLength > 20_000 && segment.payloadLength() > 0;
            lost[0] |= lose;
            return lose;
        };
        pair.a.write(client, data);
        pair.run(100 * MILLIS);
        assertTrue(lost[0]);
        assertArrayEquals(data, server.received());
        assertEquals(0, client.connection.retransmission.retries());
    }

    @Test
    void aLongFatLinkIsFilled() throws PortInUse {
        pair.a.link.delay = 100 * MILLIS;
        pair.b.link.delay = 100 * MILLIS;
        open();
        pair.run(TcpPair.SECOND);
        byte[] data = TcpPair.octets(1, 4_000_000);
        long start = pair.now;
        pair.a.write(client, data);
        while (server.receivedLength < data.length) {
            pair.run(10 * MILLIS);
        }
        // Ten round trips of slow start and transfer; 64 KiB windows would take more than sixty.
        assertTrue(pair.now - start < 2_200 * MILLIS, "took " + (pair.now - start) / MILLIS + " ms");
        assertArrayEquals(data, server.received());
    }

    @Test
    void aLostLastAcknowledgmentOfTheHandshakeIsMadeGoodByData() throws PortInUse {
        boolean[] lost = new boolean[1];
        pair.a.link.lose = segment -> {
            boolean lose = !lost[0] && !segment.has(TcpFlags.SYN);
            lost[0] |= lose;
            return lose;
        };
        pair.b.listen(80);
        client = pair.a.connect(80);
        pair.run(50 * MILLIS);
        assertTrue(client.opened);
        assertTrue(pair.b.accepted.isEmpty());
        byte[] data = TcpPair.octets(1, 5000);
        pair.a.write(client, data);
        pair.run(50 * MILLIS);
        assertArrayEquals(data, pair.b.accepted.get(0).received());
    }

    @Test
    void aServerMayAnswerAfterTheEndOfTheRequest() throws PortInUse {
        open();
        client.shutdownWhenWritten = true;
        pair.a.write(client, TcpPair.octets(1, 10_000));
        pair.run(200 * MILLIS);
        assertTrue(server.endOfStream);
        byte[] answer = TcpPair.octets(2, 50_000);
        server.shutdownWhenWritten = true;
        pair.b.write(server, answer);
        pair.run(TcpPair.SECOND);
        assertArrayEquals(answer, client.received());
        assertEquals(TcpEnd.NORMAL, client.end);
        assertEquals(TcpEnd.NORMAL, server.end);
    }

    @Test
    void aReaderThatPausesStopsTheWriterAndLosesNothing() throws PortInUse {
        open();
        server.consumes = false;
        byte[] data = TcpPair.octets(1, 3_000_000);
        pair.a.write(client, data);
        pair.run(600 * TcpPair.SECOND);
        assertEquals(1 << 16, server.receivedLength, "what the application never consumes earns no larger window");
        assertTrue(client.written <= 1 << 19);
        assertFalse(client.end != null || server.end != null);
        pair.b.consumeAll(server);
        pair.run(TcpPair.SECOND);
        assertArrayEquals(data, server.received());
    }

    @Test
    void whenTheLinkDiesBothSidesGiveUpAndNothingRemains() throws PortInUse {
        open();
        pair.a.link.loss = 1;
        pair.b.link.loss = 1;
        pair.a.write(client, TcpPair.octets(1, 10_000));
        pair.b.write(server, TcpPair.octets(2, 10));
        pair.settle(3600 * TcpPair.SECOND);
        assertEquals(TcpEnd.TIMED_OUT, client.end);
        assertEquals(TcpEnd.TIMED_OUT, server.end);
        assertTrue(pair.isQuiet());
        assertEquals(0, pair.a.stack.connectionCount() + pair.b.stack.connectionCount());
    }

    @Test
    void manyConnectionsShareALinkAndAllComplete() throws PortInUse {
        pair.a.link.rate = 20_000_000;
        pair.a.link.loss = 0.01;
        pair.b.link.loss = 0.01;
        pair.b.listen(80);
        List<TcpPair.App> clients = new ArrayList<>();
        for (int i = 0; i < 16; i++) {
            TcpPair.App app = pair.a.connect(80);
            app.toWrite = TcpPair.octets(i, 20_000);
            app.shutdownWhenWritten = true;
            clients.add(app);
        }
        pair.run(60 * TcpPair.SECOND);
        assertEquals(16, pair.b.accepted.size());
        for (TcpPair.App accepted : pair.b.accepted) {
            TcpPair.App sender = clients.stream()
                    .filter(app -> app.connection.local().equals(accepted.connection.remote())).findFirst().orElseThrow();
            assertArrayEquals(sender.toWrite, accepted.received());
            accepted.connection.close(pair.now);
        }
        pair.settle(120 * TcpPair.SECOND);
        assertEquals(0, pair.a.stack.connectionCount() + pair.b.stack.connectionCount());
    }

    @Test
    void aConnectionThatNobodyAnswersHoldsUpNoOther() throws PortInUse {
        open();
        pair.a.link.lose = segment -> segment.header().destinationPort() == 81;
        TcpPair.App silent = pair.a.connect(81);
        byte[] data = TcpPair.octets(1, 1_000_000);
        pair.a.write(client, data);
        pair.run(2 * TcpPair.SECOND);
        assertArrayEquals(data, server.received());
        assertEquals(TcpState.SYN_SENT, silent.connection.state());
        silent.connection.close(pair.now); // its caller has given up
        pair.run(MILLIS);
        assertEquals(1, pair.a.stack.connectionCount());
        assertEquals(TcpEnd.ABORTED_LOCALLY, silent.end);
    }

    @Test
    void theReceiverOfActionsMayCallTheStack() throws PortInUse {
        // An echo service that answers from within the delivery, and closes from within the end of the stream.
        var received = new ByteArrayOutputStream();
        var ends = new ArrayList<TcpEnd>();
        var random = new Random(1);
        var stacks = new TcpStack[2];
        stacks[0] = new TcpStack(TcpConfig.defaults(), random::nextBytes, action -> {
            switch (action) {
                case TcpAction.Transmit t -> stacks[1].receive(TcpPair.packet(t.packet().toByteArray()), 2);
                case TcpAction.Opened o -> {
                    o.connection().write(new byte[] {1, 2, 3}, 0, 3, 2);
                    o.connection().shutdownOutput(2);
                }
                case TcpAction.Deliver d -> received.write(d.array(), d.offset(), d.length());
                case TcpAction.Closed c -> ends.add(c.cause());
                default -> { }
            }
        });
        stacks[1] = new TcpStack(TcpConfig.defaults(), random::nextBytes, action -> {
            switch (action) {
                case TcpAction.Transmit t -> stacks[0].receive(TcpPair.packet(t.packet().toByteArray()), 2);
                case TcpAction.Deliver d -> {
                    d.connection().write(d.array(), d.offset(), d.length(), 2);
                    d.connection().consumed(d.length(), 2);
                }
                case TcpAction.EndOfStream e -> e.connection().close(2);
                case TcpAction.Closed c -> ends.add(c.cause());
                default -> { }
            }
        });
        stacks[1].listen(Endpoint.parse("10.8.0.2:7"), 1);
        stacks[0].connect(Endpoint.parse("10.8.0.1:0"), Endpoint.parse("10.8.0.2:7"), 2);
        assertArrayEquals(new byte[] {1, 2, 3}, received.toByteArray());
        assertEquals(List.of(TcpEnd.NORMAL, TcpEnd.NORMAL), ends);
    }

    @Test
    void theSameSeedGivesTheSamePackets() throws PortInUse {
        long[] octets = new long[2];
        for (int i = 0; i < 2; i++) {
            var run = new TcpPair(7);
            run.a.link.loss = 0.1;
            run.b.listen(80);
            TcpPair.App app = run.a.connect(80);
            app.toWrite = TcpPair.octets(3, 100_000);
            run.run(20 * TcpPair.SECOND);
            octets[i] = 31 * run.a.link.octets + run.b.link.octets + app.connection.local().port();
        }
        assertEquals(octets[0], octets[1]);
    }
}
