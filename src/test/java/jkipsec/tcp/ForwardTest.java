package jkipsec.tcp;

import static jkipsec.tcp.ScriptedPeer.ACK;
import static jkipsec.tcp.ScriptedPeer.FIN;
import static jkipsec.tcp.ScriptedPeer.HOST;
import static jkipsec.tcp.ScriptedPeer.ISS;
import static jkipsec.tcp.ScriptedPeer.MSS;
import static jkipsec.tcp.ScriptedPeer.PEER;
import static jkipsec.tcp.ScriptedPeer.RST;
import static jkipsec.tcp.ScriptedPeer.SYN;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import jkipsec.ip.Endpoint;
import jkipsec.ip.IcmpMessage;
import jkipsec.ip.IpAddress;
import jkipsec.ip.IpHeader;
import jkipsec.ip.IpPacket;
import jkipsec.ip.IpProtocol;
import jkipsec.ip.Refusal;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Connections to addresses that are not the stack's own: offered, and nothing is answered before the decision. */
class ForwardTest {
    private static final Endpoint WEB = Endpoint.parse("192.0.2.80:443");
    private static final TcpOptions OPTIONS = new TcpOptions(MSS, 0);

    private static ScriptedPeer forwarding(int undecided, int open) {
        var peer = new ScriptedPeer();
        peer.stack.forward(address -> !address.equals(HOST.address()), undecided, open);
        peer.host = WEB;
        return peer;
    }

    private static List<TcpOffer> offers(ScriptedPeer peer) {
        var offers = new ArrayList<TcpOffer>();
        for (TcpAction action : peer.events) {
            if (action instanceof TcpAction.Offered(TcpOffer offer)) {
                offers.add(offer);
            }
        }
        return offers;
    }

    private static void syn(ScriptedPeer peer, int port) {
        peer.peer = new Endpoint(PEER.address(), port);
        peer.raw(SYN, ISS, 0, OPTIONS, 0);
    }

    private static TcpOffer offered(ScriptedPeer peer) {
        syn(peer, PEER.port());
        return offers(peer).get(offers(peer).size() - 1);
    }

    @Test
    void aSynIsOfferedAndNothingIsAnswered() {
        var peer = forwarding(4, 8);
        TcpOffer offer = offered(peer);
        assertEquals(WEB, offer.local());
        assertEquals(PEER, offer.remote());
        assertTrue(offer.isOpen());
        peer.expectNothing();
        assertEquals(Long.MAX_VALUE, peer.stack.nextDeadline());
        assertEquals(0, peer.stack.connectionCount());
    }

    @Test
    void anAcceptedOfferIsAConnectionOfTheOthersAddress() throws PortInUse {
        var peer = forwarding(4, 8);
        TcpOffer offer = offered(peer);
        peer.connection = offer.accept(peer.now);
        TcpSegment answer = peer.expect(SYN | ACK);
        assertEquals(ISS + 1, answer.acknowledgment());
        assertEquals(WEB.port(), answer.header().sourcePort());
        peer.hostIss = answer.sequence();
        peer.data(0, 3);
        assertEquals(TcpState.ESTABLISHED, peer.connection.state());
        assertEquals(1, peer.events.stream().filter(TcpAction.Opened.class::isInstance).count());
        assertEquals(WEB, peer.connection.local());
        assertEquals(3, peer.received.size());
        peer.write(10);
        peer.pass(1);
        assertFalse(offer.isOpen());
        assertThrows(IllegalStateException.class, () -> offer.accept(peer.now));
    }

    @Test
    void aLostAnswerIsSentAgain() throws PortInUse {
        var peer = forwarding(4, 8);
        offered(peer).accept(peer.now);
        peer.expect(SYN | ACK);
        peer.pass(1_000);
        peer.expect(SYN | ACK);
        peer.raw(SYN, ISS, 0, OPTIONS, 0);
        peer.expect(SYN | ACK);
    }

    @Test
    void aSynThatIsRepeatedIsOfferedOnce() throws PortInUse {
        var peer = forwarding(4, 8);
        TcpOffer offer = offered(peer);
        syn(peer, PEER.port());
        assertEquals(1, offers(peer).size());
        assertEquals(1, peer.dropped(TcpDrop.DUPLICATE));
        // The peer began anew with the same port: the latest SYN is the one to answer.
        peer.raw(SYN, ISS + 77, 0, OPTIONS, 0);
        assertEquals(1, offers(peer).size());
        offer.accept(peer.now);
        assertEquals(ISS + 78, peer.expect(SYN | ACK).acknowledgment());
    }

    @Test
    void closedMeansReset() {
        var peer = forwarding(4, 8);
        TcpOffer offer = offered(peer);
        offer.refuse(Refusal.CLOSED, peer.now);
        assertEquals(ISS + 1, peer.expect(RST | ACK).acknowledgment());
        offer.refuse(Refusal.CLOSED, peer.now);
        peer.expectNothing();
        assertEquals(0, peer.stack.connectionCount());
    }

    @Test
    void afterSilenceTheNextSynIsANewOffer() {
        var peer = forwarding(4, 8);
        offered(peer).refuse(Refusal.SILENT, peer.now);
        peer.expectNothing();
        syn(peer, PEER.port());
        assertEquals(2, offers(peer).size());
    }

    @ParameterizedTest
    @CsvSource({
        "PROHIBITED, 10.8.0.2, 192.0.2.80, 13", "UNREACHABLE, 10.8.0.2, 192.0.2.80, 1",
        "PROHIBITED, fd00::2, 2001:db8::80, 1", "UNREACHABLE, fd00::2, 2001:db8::80, 3"})
    void otherRefusalsAreIcmpErrorsThatQuoteTheSyn(Refusal how, String device, String host, int code)
            throws Exception {
        var sent = new ArrayList<IpPacket>();
        var offers = new ArrayList<TcpOffer>();
        var stack = new TcpStack(TcpConfig.defaults(), new Random(7)::nextBytes, action -> {
            switch (action) {
                case TcpAction.Transmit transmit -> sent.add(TcpPair.packet(transmit.packet().toByteArray()));
                case TcpAction.Offered offered -> offers.add(offered.offer());
                default -> throw new AssertionError(action);
            }
        });
        stack.forward(address -> true, 4, 8);
        IpAddress source = IpAddress.parse(device);
        IpAddress destination = IpAddress.parse(host);
        var syn = new TcpSegment(new TcpHeader(50_000, 443, ISS, 0, SYN, 1000, OPTIONS), new byte[0], 0, 0);
        byte[] packet = syn.toPacket(IpHeader.of(source, destination, IpProtocol.TCP)).toByteArray();
        stack.receive(TcpPair.packet(packet.clone()), 0);
        offers.get(0).refuse(how, 0);
        assertEquals(1, sent.size());
        assertEquals(destination, sent.get(0).source());
        assertEquals(source, sent.get(0).destination());
        assertEquals(new IcmpMessage.Unreachable(code, packet), IcmpMessage.parse(sent.get(0)));
    }

    @Test
    void icmpErrorsAreLimited() {
        var peer = forwarding(1_000, 1_000);
        for (int port = 1; port <= 150; port++) {
            syn(peer, port);
        }
        var icmp = new ArrayList<IpPacket>();
        var counting = new TcpStack(TcpConfig.defaults(), new Random(7)::nextBytes, action -> {
            switch (action) {
                case TcpAction.Transmit transmit -> icmp.add(TcpPair.packet(transmit.packet().toByteArray()));
                case TcpAction.Offered offered -> offered.offer().refuse(Refusal.PROHIBITED, 0);
                default -> throw new AssertionError(action);
            }
        });
        counting.forward(address -> true, 1_000, 1_000);
        for (int port = 1; port <= 150; port++) {
            var syn = new TcpSegment(new TcpHeader(port, 443, ISS, 0, SYN, 1000, OPTIONS), new byte[0], 0, 0);
            counting.receive(TcpPair.packet(
                    syn.toPacket(IpHeader.of(PEER.address(), WEB.address(), IpProtocol.TCP)).toByteArray()), 0);
        }
        assertEquals(100, icmp.size());
    }

    @Test
    void beyondTheUndecidedASynIsDroppedAndMayComeAgain() {
        var peer = forwarding(2, 8);
        syn(peer, 1001);
        syn(peer, 1002);
        syn(peer, 1003);
        peer.expectNothing();
        assertEquals(2, offers(peer).size());
        assertEquals(1, peer.dropped(TcpDrop.BACKLOG_FULL));
        offers(peer).get(0).refuse(Refusal.SILENT, peer.now);
        syn(peer, 1003);
        assertEquals(3, offers(peer).size());
    }

    @Test
    void openConnectionsCountUntilTheyEnd() throws PortInUse {
        var peer = forwarding(4, 2);
        syn(peer, 1001);
        TcpConnection first = offers(peer).get(0).accept(peer.now);
        int iss = peer.expect(SYN | ACK).sequence();
        peer.raw(ACK, ISS + 1, iss + 1, TcpOptions.NONE, 0);
        syn(peer, 1002);
        syn(peer, 1003);
        assertEquals(2, offers(peer).size());
        assertEquals(1, peer.dropped(TcpDrop.TOO_MANY_CONNECTIONS));
        first.abort(peer.now);
        peer.expect(RST | ACK);
        syn(peer, 1003);
        assertEquals(3, offers(peer).size());
    }

    @Test
    void aConnectionInTimeWaitDoesNotCountAndGivesWayToANewOffer() throws PortInUse {
        var peer = forwarding(1, 1);
        peer.connection = offered(peer).accept(peer.now);
        peer.hostIss = peer.expect(SYN | ACK).sequence();
        peer.ack(0);
        peer.connection.shutdownOutput(peer.now);
        peer.expect(FIN | ACK);
        peer.raw(FIN | ACK, ISS + 1, peer.hostIss + 2, TcpOptions.NONE, 0);
        peer.expect(ACK);
        assertEquals(TcpState.TIME_WAIT, peer.connection.state());
        peer.raw(SYN, ISS + 1_000, 0, OPTIONS, 0);
        assertEquals(2, offers(peer).size());
        offers(peer).get(1).accept(peer.now);
        assertTrue(SequenceNumbers.less(peer.hostIss + 2, peer.expect(SYN | ACK).sequence()));
        assertEquals(1, peer.stack.connectionCount());
    }

    @Test
    void aDeviceThatHasGivenUpResetsWhatIsAccepted() throws PortInUse {
        var peer = forwarding(4, 8);
        peer.connection = offered(peer).accept(peer.now);
        TcpSegment answer = peer.expect(SYN | ACK);
        peer.raw(RST, answer.acknowledgment(), 0, TcpOptions.NONE, 0);
        assertEquals(TcpEnd.REFUSED, peer.end());
        assertEquals(0, peer.stack.connectionCount());
    }

    @Test
    void whatIsNoSynForAnotherAddressIsReset() {
        var peer = forwarding(4, 8);
        peer.raw(ACK, ISS, 5, TcpOptions.NONE, 10);
        assertEquals(5, peer.expect(RST).sequence());
        peer.raw(SYN | FIN, ISS, 0, OPTIONS, 0);
        peer.raw(RST, ISS, 0, TcpOptions.NONE, 0);
        peer.expectNothing();
        assertTrue(offers(peer).isEmpty());
    }

    @Test
    void ourOwnAddressIsNotOffered() {
        var peer = forwarding(4, 8);
        peer.host = HOST;
        syn(peer, PEER.port());
        peer.expect(RST | ACK);
        assertTrue(offers(peer).isEmpty());
    }

    @Test
    void whenTheTunnelEndsNothingCanBeAcceptedAnyMore() {
        var peer = forwarding(4, 8);
        TcpOffer offer = offered(peer);
        peer.stack.abortAll(TcpEnd.TUNNEL_CLOSED);
        assertFalse(offer.isOpen());
        offer.refuse(Refusal.CLOSED, peer.now);
        peer.expectNothing();
        assertThrows(IllegalStateException.class, () -> offer.accept(peer.now));
    }

    @Test
    void aFullStackRefusesToAccept() {
        var peer = new ScriptedPeer(TcpConfig.defaults().withMaximumConnections(1));
        peer.stack.forward(address -> true, 4, 8);
        peer.host = WEB;
        syn(peer, 1001);
        syn(peer, 1002);
        List<TcpOffer> offers = offers(peer);
        assertEquals(2, offers.size());
        try {
            offers.get(0).accept(peer.now);
        } catch (PortInUse e) {
            throw new AssertionError(e);
        }
        assertThrows(PortInUse.class, () -> offers.get(1).accept(peer.now));
        assertFalse(offers.get(1).isOpen());
    }
}
