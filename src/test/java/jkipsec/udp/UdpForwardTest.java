package jkipsec.udp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import jkipsec.bytes.MalformedMessage;
import jkipsec.bytes.PacketBuffer;
import jkipsec.ip.Endpoint;
import jkipsec.ip.IpAddress;
import jkipsec.ip.IpPacket;
import jkipsec.ip.Refusal;
import jkipsec.ip.UdpHeader;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Datagrams to addresses that are not the stack's own, in virtual time. */
class UdpForwardTest {
    private static final IpAddress DEVICE = IpAddress.parse("10.8.0.2");
    private static final Endpoint WEB = Endpoint.parse("192.0.2.80:443");
    private static final Endpoint RESOLVER = Endpoint.parse("192.0.2.53:53");
    private static final long IDLE = 120;
    private static final long DNS_IDLE = 30;

    private final List<UdpAction> events = new ArrayList<>();
    private final UdpStack stack = new UdpStack(10, new Random(1)::nextBytes, events::add);
    private long now = 1_000;

    private UdpForwardTest forwarding(int undecided, int open) {
        stack.forward(new UdpForwarding(undecided, open, IDLE, DNS_IDLE));
        return this;
    }

    private void send(int port, Endpoint to, String text) {
        send(new Endpoint(DEVICE, port), to, text);
    }

    private void send(Endpoint from, Endpoint to, String text) {
        byte[] payload = text.getBytes(StandardCharsets.US_ASCII);
        stack.receiveForOthers(parse(new UdpHeader(from.port(), to.port(), payload.length)
                .packet(from.address(), to.address(), payload).toByteArray()), now);
    }

    private static IpPacket parse(byte[] packet) {
        try {
            return IpPacket.parse(new PacketBuffer(packet, 0, packet.length));
        } catch (MalformedMessage e) {
            throw new AssertionError(e);
        }
    }

    private <T extends UdpAction> List<T> all(Class<T> kind) {
        return events.stream().filter(kind::isInstance).map(kind::cast).toList();
    }

    private UdpOffer lastOffer() {
        List<UdpAction.Offered> offers = all(UdpAction.Offered.class);
        return offers.get(offers.size() - 1).offer();
    }

    private UdpEndpoint accept(UdpOffer offer) {
        var accepted = new ArrayList<UdpEndpoint>();
        offer.accept(accepted::add);
        return accepted.get(0);
    }

    private List<String> received(UdpEndpoint endpoint) {
        return all(UdpAction.Received.class).stream()
                .filter(received -> received.endpoint() == endpoint)
                .map(received -> new String(
                        received.array(), received.offset(), received.length(), StandardCharsets.US_ASCII))
                .toList();
    }

    private void pass(long nanos) {
        long end = now + nanos;
        while (stack.nextDeadline() <= end) {
            now = stack.nextDeadline();
            stack.tick(now);
            assertTrue(stack.nextDeadline() > now, "the deadline did not move");
        }
        now = end;
    }

    private long dropped(UdpDrop reason) {
        return stack.drops().getOrDefault(reason, 0L);
    }

    @ParameterizedTest
    @ValueSource(strings = {"10.8.0.2 192.0.2.80:443", "fd00::2 [2001:db8::80]:443"})
    void theFirstDatagramIsAnOfferAndWaitsForTheDecision(String ends) {
        forwarding(4, 8);
        var from = new Endpoint(IpAddress.parse(ends.split(" ")[0]), 1000);
        Endpoint to = Endpoint.parse(ends.split(" ")[1]);
        send(from, to, "one");
        send(from, to, "two");
        assertEquals(1, all(UdpAction.Offered.class).size());
        UdpOffer offer = lastOffer();
        assertEquals(to, offer.local());
        assertEquals(from, offer.remote());
        UdpEndpoint endpoint = accept(offer);
        send(from, to, "three");
        assertEquals(List.of("one", "two", "three"), received(endpoint));
        endpoint.send(to.address(), from, new byte[] {7});
        IpPacket answer = parse(all(UdpAction.Transmit.class).get(0).packet().toByteArray());
        assertEquals(to.address(), answer.source());
        assertEquals(from.address(), answer.destination());
    }

    @Test
    void flowsWithOneDestinationAreApart() {
        forwarding(4, 8);
        send(1000, RESOLVER, "a");
        UdpEndpoint first = accept(lastOffer());
        send(1001, RESOLVER, "b");
        UdpEndpoint second = accept(lastOffer());
        send(1000, RESOLVER, "c");
        assertEquals(List.of("a", "c"), received(first));
        assertEquals(List.of("b"), received(second));
    }

    @Test
    void onlyAFewWaitForADecision() {
        forwarding(4, 8);
        for (int i = 0; i < 20; i++) {
            send(1000, WEB, "x");
        }
        assertEquals(16, received(accept(lastOffer())).size());
        assertEquals(4, dropped(UdpDrop.QUEUE_FULL));
    }

    @Test
    void datagramsOfAnySizeWaitButNotManyLargeOnes() {
        forwarding(4, 8);
        for (int i = 0; i < 20; i++) {
            send(1000, WEB, "x".repeat(10_000));
        }
        assertEquals(3, received(accept(lastOffer())).size());
        assertEquals(17, dropped(UdpDrop.QUEUE_FULL));
        send(1001, WEB, "x".repeat(65_000));
        send(1001, WEB, "x");
        assertEquals(1, received(accept(lastOffer())).size());
    }

    @Test
    void refusalsQuoteTheLatestDatagramAndTheNextIsAnotherFlow() {
        forwarding(4, 8);
        send(1000, WEB, "one");
        send(1000, WEB, "two");
        UdpOffer offer = lastOffer();
        offer.refuse(Refusal.CLOSED);
        offer.refuse(Refusal.CLOSED);
        List<UdpAction.Refused> refused = all(UdpAction.Refused.class);
        assertEquals(1, refused.size());
        assertEquals(Refusal.CLOSED, refused.get(0).how());
        byte[] packet = refused.get(0).packet().array();
        assertEquals('t', packet[refused.get(0).packet().payloadOffset() + UdpHeader.LENGTH]);
        assertFalse(offer.isOpen());
        assertThrows(IllegalStateException.class, () -> accept(offer));
        send(1000, WEB, "three");
        lastOffer().refuse(Refusal.SILENT);
        assertEquals(2, all(UdpAction.Offered.class).size());
        assertEquals(1, all(UdpAction.Refused.class).size());
    }

    @Test
    void anAcceptedFlowCanBeRefusedLaterAndIsTold() {
        forwarding(4, 8);
        send(1000, WEB, "one");
        UdpEndpoint endpoint = accept(lastOffer());
        lastOffer().refuse(Refusal.UNREACHABLE);
        assertEquals(endpoint, all(UdpAction.Ended.class).get(0).endpoint());
        assertEquals(1, all(UdpAction.Refused.class).size());
    }

    @Test
    void aLargeDatagramIsNotKeptForAsLongAsItsFlowIsOpen() {
        forwarding(4, 8);
        send(1000, WEB, "x".repeat(60_000));
        UdpOffer undecided = lastOffer();
        assertEquals(60_000, undecided.latest().payloadLength() - UdpHeader.LENGTH);
        accept(undecided);
        assertNull(undecided.latest());
        send(1000, WEB, "x".repeat(60_000));
        assertNull(undecided.latest());
        undecided.refuse(Refusal.CLOSED);
        assertFalse(undecided.isOpen());
        assertEquals(0, all(UdpAction.Refused.class).size());
    }

    @Test
    void anIdleFlowEndsEarlierWhenItIsDns() {
        forwarding(4, 8);
        send(1000, WEB, "a");
        UdpEndpoint web = accept(lastOffer());
        send(1000, RESOLVER, "b");
        UdpEndpoint dns = accept(lastOffer());
        pass(DNS_IDLE - 1);
        assertEquals(List.of(), all(UdpAction.Ended.class));
        pass(1);
        assertEquals(List.of(new UdpAction.Ended(dns)), all(UdpAction.Ended.class));
        send(1000, WEB, "c"); // now it lives longer
        pass(IDLE - 1);
        assertEquals(1, all(UdpAction.Ended.class).size());
        pass(1);
        assertEquals(new UdpAction.Ended(web), all(UdpAction.Ended.class).get(1));
        assertEquals(Long.MAX_VALUE, stack.nextDeadline());
    }

    @Test
    void whatIsSentToTheDeviceKeepsAFlowAlive() {
        forwarding(4, 8);
        send(1000, WEB, "a");
        UdpEndpoint web = accept(lastOffer());
        for (int i = 0; i < 10; i++) {
            pass(IDLE - 1);
            web.send(WEB.address(), new Endpoint(DEVICE, 1000), new byte[1]);
        }
        assertEquals(List.of(), all(UdpAction.Ended.class));
        pass(2 * IDLE);
        assertEquals(1, all(UdpAction.Ended.class).size());
    }

    @Test
    void anUndecidedFlowEndsToo() {
        forwarding(1, 8);
        send(1000, WEB, "a");
        UdpOffer offer = lastOffer();
        send(1001, WEB, "b");
        assertEquals(1, dropped(UdpDrop.TOO_MANY_FLOWS));
        pass(IDLE);
        assertFalse(offer.isOpen());
        send(1001, WEB, "b");
        assertEquals(2, all(UdpAction.Offered.class).size());
    }

    @Test
    void whenThereAreTooManyTheLongestIdleGivesWay() {
        forwarding(4, 3);
        var endpoints = new ArrayList<UdpEndpoint>();
        for (int port = 1000; port < 1003; port++) {
            send(port, port == 1001 ? RESOLVER : WEB, "a");
            endpoints.add(accept(lastOffer()));
            now++;
        }
        send(1000, WEB, "b"); // so that the second was idle for longest
        now++;
        send(1003, WEB, "c");
        assertEquals(List.of(new UdpAction.Ended(endpoints.get(1))), all(UdpAction.Ended.class));
        now++;
        endpoints.get(2).send(WEB.address(), new Endpoint(DEVICE, 1002), new byte[1]);
        accept(lastOffer());
        now++;
        send(1004, WEB, "d");
        assertEquals(new UdpAction.Ended(endpoints.get(0)), all(UdpAction.Ended.class).get(1));
    }

    @Test
    void undecidedFlowsDoNotGiveWay() {
        forwarding(4, 2);
        send(1000, WEB, "a");
        send(1001, WEB, "a");
        send(1002, WEB, "a");
        assertEquals(2, all(UdpAction.Offered.class).size());
        assertEquals(1, dropped(UdpDrop.TOO_MANY_FLOWS));
    }

    @Test
    void closingTheEndpointEndsTheFlowQuietly() {
        forwarding(4, 8);
        send(1000, WEB, "a");
        UdpEndpoint endpoint = accept(lastOffer());
        endpoint.close();
        assertFalse(lastOffer().isOpen());
        assertEquals(Long.MAX_VALUE, stack.nextDeadline());
        assertEquals(List.of(), all(UdpAction.Ended.class));
        endpoint.send(WEB.address(), new Endpoint(DEVICE, 1000), new byte[1]);
        assertEquals(List.of(), all(UdpAction.Transmit.class));
    }

    @Test
    void theDevicesClosedPortIsTold() {
        forwarding(4, 8);
        send(1000, WEB, "a");
        UdpEndpoint endpoint = accept(lastOffer());
        assertTrue(stack.unreachable(WEB, new Endpoint(DEVICE, 1000), true));
        assertFalse(stack.unreachable(WEB, new Endpoint(DEVICE, 1001), true));
        assertEquals(endpoint, all(UdpAction.Unreachable.class).get(0).endpoint());
    }

    @ParameterizedTest
    @ValueSource(strings = {"224.0.0.251:5353", "239.255.255.250:1900", "255.255.255.255:67", "0.0.0.0:1", "192.0.2.1:0"})
    void whatNoHostHasIsDroppedQuietly(String destination) {
        forwarding(4, 8);
        send(1000, Endpoint.parse(destination), "a");
        assertEquals(List.of(), events);
        assertEquals(1, dropped(UdpDrop.BAD_ADDRESS));
    }

    @Test
    void aBrokenDatagramIsDropped() {
        forwarding(4, 8);
        byte[] packet = new UdpHeader(1000, 443, 3).packet(DEVICE, WEB.address(), new byte[3]).toByteArray();
        packet[packet.length - 1] ^= 1;
        stack.receiveForOthers(parse(packet), now);
        assertEquals(List.of(), events);
        assertEquals(1, dropped(UdpDrop.MALFORMED));
    }

    @Test
    void withTheTunnelAllFlowsEnd() {
        forwarding(1, 8);
        send(1000, WEB, "a");
        accept(lastOffer());
        send(1001, WEB, "a");
        stack.closeAll();
        assertEquals(Long.MAX_VALUE, stack.nextDeadline());
        assertFalse(lastOffer().isOpen());
        assertEquals(List.of(), all(UdpAction.Ended.class));
    }
}
