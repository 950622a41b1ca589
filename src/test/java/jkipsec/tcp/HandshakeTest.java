package jkipsec.tcp;

import static jkipsec.tcp.ScriptedPeer.ACK;
import static jkipsec.tcp.ScriptedPeer.FIN;
import static jkipsec.tcp.ScriptedPeer.HOST;
import static jkipsec.tcp.ScriptedPeer.ISS;
import static jkipsec.tcp.ScriptedPeer.MSS;
import static jkipsec.tcp.ScriptedPeer.PEER;
import static jkipsec.tcp.ScriptedPeer.RST;
import static jkipsec.tcp.ScriptedPeer.SYN;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashSet;
import jkipsec.ip.Endpoint;
import jkipsec.ip.EphemeralPorts;
import jkipsec.ip.IpHeader;
import jkipsec.ip.IpProtocol;
import org.junit.jupiter.api.Test;

/** Opening connections: RFC 9293 §3.5 and §3.10.7.1 to §3.10.7.3. */
class HandshakeTest {
    private static final TcpOptions NONE = TcpOptions.NONE;

    @Test
    void aSynOffersMssWindowScaleSelectiveAcknowledgmentAndTimestamps() throws PortInUse {
        var peer = new ScriptedPeer();
        peer.stack.connect(new Endpoint(HOST.address(), 0), PEER, peer.now);
        TcpSegment syn = peer.expect(SYN);
        TcpOptions options = syn.header().options();
        assertEquals(new TcpOptions(MSS, 5).withSackPermitted().withTimestamp(options.timestampValue(), 0), options);
        assertEquals(65_535, syn.header().window());
        assertEquals(0, syn.payloadLength());
    }

    @Test
    void anAcceptableSynAckEstablishes() {
        var peer = new ScriptedPeer().connecting();
        peer.raw(SYN | ACK, ISS, peer.hostIss + 1, new TcpOptions(700, 3), 0);
        TcpSegment ack = peer.expectAck(0);
        assertEquals(peer.hostIss + 1, ack.sequence());
        assertEquals(TcpState.ESTABLISHED, peer.connection.state());
        assertEquals(700, peer.connection.segmentSize());
        assertInstanceOf(TcpAction.Opened.class, peer.events.get(0));
        assertEquals(Long.MAX_VALUE, peer.stack.nextDeadline());
    }

    @Test
    void aWrongAcknowledgmentInSynSentIsAnsweredWithAReset() {
        for (int wrong : new int[] {0, 2, -1000, 1000}) {
            var peer = new ScriptedPeer().connecting();
            peer.raw(SYN | ACK, ISS, peer.hostIss + wrong, NONE, 0);
            assertEquals(peer.hostIss + wrong, peer.expect(RST).sequence());
            peer.raw(RST | ACK, ISS, peer.hostIss + wrong, NONE, 0);
            peer.expectNothing();
            assertEquals(TcpState.SYN_SENT, peer.connection.state());
        }
    }

    @Test
    void aResetThatAcknowledgesTheSynMeansRefused() {
        var peer = new ScriptedPeer().connecting();
        peer.raw(RST, 0, 0, NONE, 0);
        assertNull(peer.end());
        peer.raw(RST | ACK, 0, peer.hostIss + 1, NONE, 0);
        assertEquals(TcpEnd.REFUSED, peer.end());
        assertEquals(0, peer.stack.connectionCount());
        assertEquals(Long.MAX_VALUE, peer.stack.nextDeadline());
    }

    @Test
    void aSynIsSentAgainAtDoublingIntervalsAndThenGivenUp() {
        var peer = new ScriptedPeer().connecting();
        for (int seconds : new int[] {1, 2, 4, 8, 16, 32, 60}) {
            assertEquals(seconds * 1000L, peer.millisToDeadline());
            peer.pass(seconds * 1000L);
            assertEquals(peer.hostIss, peer.expect(SYN).sequence());
        }
        peer.pass(60_000);
        peer.expectNothing();
        assertEquals(TcpEnd.TIMED_OUT, peer.end());
        assertEquals(0, peer.stack.connectionCount());
    }

    @Test
    void afterALostSynDataBeginsWithThreeSeconds() {
        var peer = new ScriptedPeer().connecting();
        peer.pass(1000);
        peer.expect(SYN);
        peer.raw(SYN | ACK, ISS, peer.hostIss + 1, new TcpOptions(MSS, TcpOptions.ABSENT), 0);
        peer.expectAck(0);
        peer.write(10);
        peer.expectData(0, 10);
        assertEquals(3000, peer.millisToDeadline());
    }

    @Test
    void moreThanOneLostSynMakesTheInitialWindowOneSegment() {
        var peer = new ScriptedPeer().connecting();
        peer.pass(3000);
        peer.expect(SYN);
        peer.expect(SYN);
        peer.raw(SYN | ACK, ISS, peer.hostIss + 1, new TcpOptions(MSS, TcpOptions.ABSENT), 0);
        peer.expectAck(0);
        peer.write(5000);
        peer.expectData(0, MSS);
        peer.expectNothing();
    }

    @Test
    void theHandshakeMeasuresTheRoundTrip() {
        var peer = new ScriptedPeer().connecting();
        peer.pass(80);
        peer.raw(SYN | ACK, ISS, peer.hostIss + 1, NONE, 0);
        assertEquals(80 * TcpPair.MILLIS, peer.connection.roundTrip().smoothed());
    }

    @Test
    void withoutMssOptionSegmentsCarry536Octets() {
        var peer = new ScriptedPeer().connecting();
        peer.raw(SYN | ACK, ISS, peer.hostIss + 1, NONE, 0);
        peer.expectAck(0);
        peer.write(2000);
        peer.expectData(0, 536);
    }

    @Test
    void thePeersMssIsClampedToTheTunnelAndNeverAbsurd() {
        var large = new ScriptedPeer().connecting();
        large.raw(SYN | ACK, ISS, large.hostIss + 1, new TcpOptions(9000, 0), 0);
        assertEquals(MSS, large.connection.segmentSize());
        large.stack.mtu(600);
        assertEquals(560, large.connection.segmentSize());
        large.stack.mtu(1500);
        assertEquals(1460, large.connection.segmentSize());

        for (int absurd : new int[] {0, 1}) {
            var tiny = new ScriptedPeer().connecting();
            tiny.raw(SYN | ACK, ISS, tiny.hostIss + 1, new TcpOptions(absurd, 0), 0);
            assertEquals(48, tiny.connection.segmentSize());
        }
    }

    @Test
    void windowsAreScaledOnlyWhenBothOffer() {
        var scaling = new ScriptedPeer().connecting();
        scaling.window = 5000;
        scaling.raw(SYN | ACK, ISS, scaling.hostIss + 1, new TcpOptions(MSS, 2), 0);
        assertEquals((1 << 20) >> 5, scaling.expectAck(0).header().window());
        assertEquals(5000, scaling.connection.send.window, "the window of a SYN is never scaled");
        scaling.ack(0);
        assertEquals(20_000, scaling.connection.send.window);

        var plain = new ScriptedPeer().connected();
        plain.ack(0);
        assertEquals(60_000, plain.connection.send.window);
        plain.data(0, 10);
        plain.pass(100);
        assertEquals(65_525, plain.expectAck(10).header().window());
    }

    @Test
    void aScaleOfMoreThanFourteenCountsAsFourteen() {
        var peer = new ScriptedPeer().connecting();
        peer.raw(SYN | ACK, ISS, peer.hostIss + 1, new TcpOptions(MSS, 200), 0);
        assertEquals(14, peer.connection.send.scale);
    }

    @Test
    void aListenerAnswersSynAndAcceptsWithTheAck() {
        var peer = new ScriptedPeer().listening();
        peer.raw(SYN, ISS, 0, new TcpOptions(700, 0), 0);
        TcpSegment answer = peer.expect(SYN | ACK);
        assertEquals(ISS + 1, answer.acknowledgment());
        assertEquals(new TcpOptions(MSS, 5), answer.header().options());
        assertTrue(peer.events.isEmpty());
        peer.hostIss = answer.sequence();
        peer.ack(0);
        assertEquals(PEER, peer.lastAccepted().remote());
        assertEquals(HOST, peer.lastAccepted().local());
        peer.expectNothing();
    }

    @Test
    void aListenerDoesNotScaleForAPeerThatDoesNot() {
        var peer = new ScriptedPeer().listening();
        peer.raw(SYN, ISS, 0, new TcpOptions(700, TcpOptions.ABSENT), 0);
        assertEquals(new TcpOptions(MSS, TcpOptions.ABSENT), peer.expect(SYN | ACK).header().options());
    }

    @Test
    void aRepeatedSynGetsTheSameAnswerAndASilentPeerSeveral() {
        var peer = new ScriptedPeer().listening();
        peer.raw(SYN, ISS, 0, NONE, 0);
        int iss = peer.expect(SYN | ACK).sequence();
        peer.raw(SYN, ISS, 0, NONE, 0);
        assertEquals(iss, peer.expect(SYN | ACK).sequence());
        peer.pass(200_000);
        for (int i = 0; i < 5; i++) {
            assertEquals(iss, peer.expect(SYN | ACK).sequence());
        }
        peer.expectNothing();
        assertEquals(0, peer.stack.connectionCount(), "half-open connections expire");
        assertTrue(peer.events.isEmpty(), "nobody hears of them");
    }

    @Test
    void repeatedSynsDoNotPutOffTheEndOfAHalfOpenConnection() {
        var peer = new ScriptedPeer().listening();
        var first = new HashSet<Integer>();
        for (int tenths = 0; tenths < 630; tenths++) { // 1 + 2 + 4 + 8 + 16 + 32 seconds
            peer.raw(SYN, ISS, 0, NONE, 0);
            first.add(peer.expect(SYN | ACK).sequence());
            peer.pass(100);
            peer.sent.clear();
        }
        assertEquals(1, first.size());
        assertEquals(0, peer.stack.connectionCount());
    }

    @Test
    void aWrongAcknowledgmentOfTheSynAckIsReset() {
        var peer = new ScriptedPeer().listening();
        peer.raw(SYN, ISS, 0, NONE, 0);
        int iss = peer.expect(SYN | ACK).sequence();
        peer.raw(ACK, ISS + 1, iss + 2, NONE, 0);
        assertEquals(iss + 2, peer.expect(RST).sequence());
        peer.raw(ACK, ISS + 1, iss, NONE, 0);
        assertEquals(iss, peer.expect(RST).sequence());
        assertTrue(peer.events.isEmpty());
    }

    @Test
    void aResetReturnsAHalfOpenConnectionToTheListener() {
        var peer = new ScriptedPeer().listening();
        peer.raw(SYN, ISS, 0, NONE, 0);
        peer.expect(SYN | ACK);
        peer.raw(RST, ISS + 1, 0, NONE, 0);
        assertEquals(0, peer.stack.connectionCount());
        assertTrue(peer.events.isEmpty());
        peer.raw(SYN, ISS, 0, NONE, 0);
        peer.expect(SYN | ACK);
    }

    @Test
    void dataWithTheLastAckOfTheHandshakeIsDelivered() {
        var peer = new ScriptedPeer().listening();
        peer.raw(SYN, ISS, 0, NONE, 0);
        peer.hostIss = peer.expect(SYN | ACK).sequence();
        peer.raw(ACK | FIN, ISS + 1, peer.hostIss + 1, NONE, 5);
        assertEquals(5, peer.received.size());
        assertTrue(peer.endOfStream());
        assertEquals(TcpState.CLOSE_WAIT, peer.lastAccepted().state());
    }

    @Test
    void dataInASynAckIsDelivered() {
        var peer = new ScriptedPeer().connecting();
        peer.raw(SYN | ACK, ISS, peer.hostIss + 1, NONE, new byte[] {1, 2, 3});
        assertEquals(3, peer.received.size());
        peer.expectAck(3);
    }

    @Test
    void bothMayOpenAtTheSameTime() {
        var peer = new ScriptedPeer().connecting();
        peer.raw(SYN, ISS, 0, new TcpOptions(MSS, TcpOptions.ABSENT), 0);
        TcpSegment answer = peer.expect(SYN | ACK);
        assertEquals(peer.hostIss, answer.sequence());
        assertEquals(ISS + 1, answer.acknowledgment());
        assertEquals(TcpState.SYN_RECEIVED, peer.connection.state());
        peer.ack(0);
        assertEquals(TcpState.ESTABLISHED, peer.connection.state());
        assertInstanceOf(TcpAction.Opened.class, peer.events.get(0));
    }

    @Test
    void aClosedPortAnswersWithAResetButNeverToAReset() {
        var peer = new ScriptedPeer();
        peer.raw(SYN, ISS, 0, NONE, 0);
        TcpSegment reset = peer.expect(RST | ACK);
        assertEquals(0, reset.sequence());
        assertEquals(ISS + 1, reset.acknowledgment());
        peer.raw(ACK, ISS, 4711, NONE, 10);
        assertEquals(4711, peer.expect(RST).sequence());
        peer.raw(FIN, ISS, 4711, NONE, 10);
        assertEquals(ISS + 11, peer.expect(RST | ACK).acknowledgment());
        peer.raw(RST, ISS, 0, NONE, 0);
        peer.raw(RST | ACK, ISS, 4711, NONE, 0);
        peer.expectNothing();
        assertEquals(5, peer.dropped(TcpDrop.NO_CONNECTION));
    }

    @Test
    void aListenerResetsAcknowledgmentsAndIgnoresNonsense() {
        var peer = new ScriptedPeer().listening();
        peer.raw(ACK, ISS, 4711, NONE, 0);
        assertEquals(4711, peer.expect(RST).sequence());
        peer.raw(RST, ISS, 0, NONE, 0);
        peer.raw(FIN, ISS, 0, NONE, 0);
        peer.raw(SYN | FIN, ISS, 0, NONE, 0);
        peer.raw(0, ISS, 0, NONE, 0);
        peer.raw(0xff, ISS, 4711, NONE, 0);
        peer.expectNothing();
        assertEquals(0, peer.stack.connectionCount());
    }

    /** A SYN of a peer at another port. */
    private static void syn(ScriptedPeer peer, int port) {
        peer.peer = new Endpoint(PEER.address(), port);
        peer.raw(SYN, ISS, 0, NONE, 0);
    }

    /** The whole handshake. */
    private static void open(ScriptedPeer peer, int port) {
        syn(peer, port);
        peer.hostIss = peer.expect(SYN | ACK).sequence();
        peer.ack(0);
    }

    @Test
    void theBacklogBoundsWhatIsNotAccepted() {
        var peer = new ScriptedPeer().listening();
        for (int port = 1000; port < 1004; port++) {
            open(peer, port);
        }
        syn(peer, 1004);
        peer.expectNothing();
        assertEquals(1, peer.dropped(TcpDrop.BACKLOG_FULL));
        peer.listener.accepted();
        open(peer, 1004);
        syn(peer, 1005);
        peer.expectNothing();
    }

    @Test
    void theBacklogBoundsWhatIsHalfOpenByItself() {
        var peer = new ScriptedPeer().listening();
        for (int port = 1000; port < 1004; port++) {
            syn(peer, port);
            peer.hostIss = peer.expect(SYN | ACK).sequence();
        }
        syn(peer, 1004);
        peer.expectNothing();
        assertEquals(1, peer.dropped(TcpDrop.BACKLOG_FULL));
        peer.peer = new Endpoint(PEER.address(), 1003);
        peer.ack(0);
        syn(peer, 1004);
        peer.expect(SYN | ACK);
        assertEquals(5, peer.stack.connectionCount());
    }

    @Test
    void halfOpenConnectionsWhosePeerIsSilentGiveWayToNewerOnes() {
        var peer = new ScriptedPeer().listening();
        for (int port = 1000; port < 1004; port++) {
            syn(peer, port);
        }
        peer.pass(1_500);
        peer.sent.clear();
        open(peer, 1004);
        assertEquals(1, peer.dropped(TcpDrop.HALF_OPEN));
        assertEquals(new Endpoint(PEER.address(), 1004), peer.lastAccepted().remote());
        peer.peer = new Endpoint(PEER.address(), 1000);
        peer.ack(0);
        peer.expect(RST);
        peer.peer = new Endpoint(PEER.address(), 1001);
        peer.raw(SYN, ISS, 0, NONE, 0);
        peer.expect(SYN | ACK);
    }

    @Test
    void aHandshakeThatFindsTheBacklogFullEndsWhenThereIsRoom() {
        var peer = new ScriptedPeer().listening();
        syn(peer, 999);
        int waiting = peer.expect(SYN | ACK).sequence();
        for (int port = 1000; port < 1004; port++) {
            open(peer, port);
        }
        peer.peer = new Endpoint(PEER.address(), 999);
        peer.hostIss = waiting;
        peer.data(0, 100);
        peer.expectNothing();
        assertEquals(1, peer.dropped(TcpDrop.BACKLOG_FULL));
        peer.pass(1_100);
        assertEquals(waiting, peer.expect(SYN | ACK).sequence());
        peer.listener.accepted();
        peer.data(0, 100);
        assertEquals(new Endpoint(PEER.address(), 999), peer.lastAccepted().remote());
        assertArrayEquals(ScriptedPeer.stream(100), peer.received.toByteArray());
    }

    @Test
    void closingAListenerResetsWhatNobodyAccepted() throws PortInUse {
        var peer = new ScriptedPeer().accepted();
        TcpConnection taken = peer.connection;
        peer.listener.accepted();
        peer.peer = new Endpoint(PEER.address(), 1000);
        peer.raw(SYN, ISS, 0, NONE, 0);
        peer.hostIss = peer.expect(SYN | ACK).sequence();
        peer.ack(0);
        peer.connection = peer.lastAccepted();
        peer.peer = new Endpoint(PEER.address(), 1001);
        peer.raw(SYN, ISS, 0, NONE, 0);
        peer.expect(SYN | ACK);

        peer.listener.close(peer.now);
        peer.expect(RST | ACK);
        peer.expect(RST | ACK);
        peer.expectNothing();
        assertEquals(TcpEnd.ABORTED_LOCALLY, peer.end());
        assertEquals(TcpState.ESTABLISHED, taken.state());
        assertEquals(1, peer.stack.connectionCount());
        peer.raw(SYN, ISS, 0, NONE, 0);
        peer.expect(RST | ACK);
        peer.stack.listen(HOST, 1);
    }

    @Test
    void theNumberOfConnectionsIsBounded() throws PortInUse {
        var peer = new ScriptedPeer(TcpConfig.defaults().withMaximumConnections(2)).accepted();
        peer.stack.connect(new Endpoint(HOST.address(), 0), PEER, peer.now);
        peer.sent.clear();
        assertThrows(PortInUse.class,
                () -> peer.stack.connect(new Endpoint(HOST.address(), 0), PEER, peer.now));
        peer.peer = new Endpoint(PEER.address(), 1000);
        peer.raw(SYN, ISS, 0, NONE, 0);
        peer.expectNothing();
        assertEquals(1, peer.dropped(TcpDrop.TOO_MANY_CONNECTIONS));
    }

    @Test
    void portsInUseAreRefusedByName() throws PortInUse {
        var peer = new ScriptedPeer().listening();
        assertTrue(assertThrows(PortInUse.class, () -> peer.stack.listen(HOST, 1))
                .getMessage().contains("10.8.0.1:80"));
        var from = new Endpoint(HOST.address(), 1234);
        peer.stack.connect(from, PEER, peer.now);
        assertTrue(assertThrows(PortInUse.class, () -> peer.stack.connect(from, PEER, peer.now))
                .getMessage().contains("10.8.0.1:1234"));
        peer.stack.connect(from, new Endpoint(PEER.address(), 1), peer.now);
    }

    @Test
    void ephemeralPortsAreRandomDistinctAndInTheDynamicRange() throws PortInUse {
        var peer = new ScriptedPeer();
        var ports = new HashSet<Integer>();
        for (int i = 0; i < 2000; i++) {
            ports.add(peer.stack.connect(new Endpoint(HOST.address(), 0), PEER, peer.now).local().port());
        }
        assertEquals(2000, ports.size());
        assertTrue(ports.stream().allMatch(port -> port >= 49_152));
        assertTrue(peer.stack.listen(new Endpoint(HOST.address(), 0), 1).local().port() >= 49_152);
    }

    @Test
    void theLastFreeEphemeralPortIsFoundAndThenNone() {
        for (int last : new int[] {49_152, 50_000, 65_535}) {
            assertEquals(last, EphemeralPorts.choose(octets -> octets[2] = 9, port -> port == last).orElseThrow());
        }
        assertTrue(EphemeralPorts.choose(octets -> octets[2] = 9, port -> false).isEmpty());
    }

    @Test
    void initialSequenceNumbersDependOnTheFourTupleTheSecretAndTheClock() {
        var one = new InitialSequence(octets -> octets[0] = 1);
        var other = new InitialSequence(octets -> octets[0] = 2);
        FourTuple tuple = FourTuple.of(HOST, PEER);
        int first = one.choose(tuple, 0);
        assertEquals(first, one.choose(tuple, 0));
        assertEquals(first + 250_000, one.choose(tuple, TcpPair.SECOND));
        assertNotEquals(first, other.choose(tuple, 0));
        assertNotEquals(first, one.choose(FourTuple.of(HOST, new Endpoint(PEER.address(), 50_001)), 0));
        assertNotEquals(first, one.choose(FourTuple.of(new Endpoint(HOST.address(), 81), PEER), 0));
    }

    @Test
    void connectionsAreToldApartByAllFourParts() throws PortInUse {
        var peer = new ScriptedPeer().accepted();
        peer.listener.accepted();
        peer.data(0, 10);
        assertEquals(10, peer.received.size());
        peer.peer = Endpoint.parse("10.8.0.3:50000");
        peer.data(10, 10);
        peer.peer = Endpoint.parse("10.8.0.2:50001");
        peer.data(10, 10);
        peer.peer = PEER;
        peer.host = Endpoint.parse("10.8.0.9:80");
        peer.data(10, 10);
        assertEquals(10, peer.received.size());
        assertEquals(3, peer.dropped(TcpDrop.NO_CONNECTION));
    }

    @Test
    void nobodyConnectsFromOrToImpossibleAddresses() {
        var peer = new ScriptedPeer().listening();
        for (String from : new String[] {"224.0.0.1:5", "255.255.255.255:5", "0.0.0.0:5", "10.8.0.2:0"}) {
            peer.peer = Endpoint.parse(from);
            peer.raw(SYN, ISS, 0, NONE, 0);
        }
        peer.expectNothing();
        assertEquals(4, peer.dropped(TcpDrop.BAD_ADDRESS));
        assertThrows(IllegalArgumentException.class,
                () -> peer.stack.connect(HOST, new Endpoint(PEER.address(), 0), peer.now));
        assertThrows(IllegalArgumentException.class,
                () -> peer.stack.connect(HOST, Endpoint.parse("[2001:db8::1]:5"), peer.now));
    }

    @Test
    void wrongChecksumsFragmentsAndBrokenHeadersAreDropped() {
        var peer = new ScriptedPeer().accepted();
        var header = new TcpHeader(50_000, 80, ISS + 1, peer.hostIss + 1, ACK, 1000, NONE);
        byte[] good = new TcpSegment(header, new byte[100], 0, 100)
                .toPacket(IpHeader.of(PEER.address(), HOST.address(), IpProtocol.TCP)).toByteArray();
        for (int i = 20; i < good.length; i++) {
            byte[] bad = good.clone();
            bad[i] ^= 0x10;
            peer.raw(bad);
        }
        assertEquals(120, peer.dropped(TcpDrop.BAD_CHECKSUM));
        assertEquals(0, peer.received.size());
        peer.raw(IpHeader.of(PEER.address(), HOST.address(), IpProtocol.TCP).allocate(19).toByteArray());
        assertEquals(1, peer.dropped(TcpDrop.MALFORMED));
        peer.raw(IpHeader.of(PEER.address(), HOST.address(), IpProtocol.UDP).allocate(40).toByteArray());
        assertEquals(1, peer.dropped(TcpDrop.NOT_A_SEGMENT));
        peer.raw(good);
        assertEquals(100, peer.received.size());
    }

    @Test
    void anUnreachableReportEndsOnlyAConnectionBeingOpened() {
        var peer = new ScriptedPeer().connecting();
        peer.stack.unreachable(peer.host, peer.peer, peer.hostIss + 1);
        assertNull(peer.end());
        peer.stack.unreachable(peer.host, peer.peer, peer.hostIss);
        assertEquals(TcpEnd.UNREACHABLE, peer.end());

        var open = new ScriptedPeer().connected();
        open.stack.unreachable(open.host, open.peer, open.hostIss);
        assertNull(open.end());
    }

    @Test
    void whatIsWrittenBeforeTheConnectionIsOpenIsSentThen() {
        var peer = new ScriptedPeer().connecting();
        peer.write(10);
        peer.connection.shutdownOutput(peer.now);
        peer.expectNothing();
        peer.raw(SYN | ACK, ISS, peer.hostIss + 1, NONE, 0);
        TcpSegment all = peer.expect(ACK | FIN);
        assertEquals(10, all.payloadLength());
        assertEquals(TcpState.FIN_WAIT_1, peer.connection.state());
    }
}
