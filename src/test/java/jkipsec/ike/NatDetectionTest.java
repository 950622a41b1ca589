package jkipsec.ike;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.security.MessageDigest;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import jkipsec.bytes.Hex;
import jkipsec.bytes.RandomSource;
import jkipsec.ike.message.ExchangeType;
import jkipsec.ike.message.IkeHeader;
import jkipsec.ike.message.IkeMessage;
import jkipsec.ike.message.NotifyPayload;
import jkipsec.ike.message.NotifyType;
import jkipsec.ike.message.Payload;
import jkipsec.ip.Endpoint;
import org.junit.jupiter.api.Test;

/** RFC 7296 §2.23. */
class NatDetectionTest {
    private static final long SPI_I = 0x0102030405060708L;
    private static final long SPI_R = 0x1112131415161718L;
    private static final Endpoint DEVICE = Endpoint.parse("198.51.100.7:500");
    private static final Endpoint NAT = Endpoint.parse("203.0.113.1:1024");
    private static final Endpoint GATEWAY = Endpoint.parse("192.0.2.1:500");
    private static final RandomSource RANDOM = new Random(1)::nextBytes;

    private static IkeMessage message(Payload... payloads) {
        var header = new IkeHeader(SPI_I, SPI_R, ExchangeType.IKE_SA_INIT, true, false, 0);
        return new IkeMessage(header, List.of(payloads));
    }

    private static NotifyPayload source(Endpoint endpoint) {
        return NotifyPayload.of(NotifyType.NAT_DETECTION_SOURCE_IP, NatDetection.hash(SPI_I, SPI_R, endpoint));
    }

    private static NotifyPayload destination(Endpoint endpoint) {
        return NotifyPayload.of(NotifyType.NAT_DETECTION_DESTINATION_IP, NatDetection.hash(SPI_I, SPI_R, endpoint));
    }

    @Test
    void theHashCoversSpisAddressAndPort() throws Exception {
        byte[] ipv4 = Hex.parse("0102030405060708" + "1112131415161718" + "c6336407" + "01f4");
        assertArrayEquals(MessageDigest.getInstance("SHA-1").digest(ipv4), NatDetection.hash(SPI_I, SPI_R, DEVICE));
        byte[] ipv6 = Hex.parse(
                "0102030405060708" + "1112131415161718" + "20010db8000000000000000000000001" + "1194");
        assertArrayEquals(
                MessageDigest.getInstance("SHA-1").digest(ipv6),
                NatDetection.hash(SPI_I, SPI_R, Endpoint.parse("[2001:db8::1]:4500")));
    }

    @Test
    void aSenderWithoutNatIsSeenAsSuch() {
        assertFalse(NatDetection.senderBehindNat(message(source(DEVICE)), DEVICE));
    }

    @Test
    void aSenderWithSeveralAddressesMaySendAHashOfEach() {
        assertFalse(NatDetection.senderBehindNat(message(source(GATEWAY), source(NAT), source(DEVICE)), DEVICE));
    }

    @Test
    void aChangedAddressOrPortIsANat() {
        assertTrue(NatDetection.senderBehindNat(message(source(DEVICE)), NAT));
        assertTrue(NatDetection.senderBehindNat(message(source(DEVICE)), Endpoint.parse("198.51.100.7:501")));
        assertTrue(NatDetection.receiverBehindNat(message(destination(NAT)), Optional.of(GATEWAY)));
        assertFalse(NatDetection.receiverBehindNat(message(destination(GATEWAY)), Optional.of(GATEWAY)));
    }

    @Test
    void aDestinationHashSaysNothingAboutTheSource() {
        assertTrue(NatDetection.senderBehindNat(message(destination(DEVICE)), DEVICE));
    }

    @Test
    void aReceiverThatDoesNotKnowItsAddressClaimsNothing() {
        assertFalse(NatDetection.receiverBehindNat(message(destination(NAT)), Optional.empty()));
    }

    @Test
    void hashesOfOtherLengthsMatchNothing() {
        NotifyPayload shortened = NotifyPayload.of(NotifyType.NAT_DETECTION_SOURCE_IP, new byte[0]);
        assertTrue(NatDetection.senderBehindNat(message(shortened), DEVICE));
    }

    @Test
    void thisSidesSourceNeverMatchesSoThatPeersAlwaysEncapsulate() {
        List<NotifyPayload> sent = NatDetection.notifications(SPI_I, SPI_R, DEVICE, RANDOM);
        IkeMessage message = message(sent.toArray(Payload[]::new));
        assertTrue(NatDetection.supported(message));
        assertTrue(NatDetection.senderBehindNat(message, GATEWAY));
        assertFalse(NatDetection.receiverBehindNat(message, Optional.of(DEVICE)));
        assertEquals(20, sent.get(0).data().length);
    }

    @Test
    void supportNeedsBothNotifications() {
        assertFalse(NatDetection.supported(message(source(DEVICE))));
        assertFalse(NatDetection.supported(message(destination(DEVICE))));
        assertTrue(NatDetection.supported(message(destination(DEVICE), source(DEVICE))));
    }
}
