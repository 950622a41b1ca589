package jkipsec.ike;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Optional;
import java.util.Random;
import jkipsec.bytes.ByteWriter;
import jkipsec.crypto.CipherSuite;
import jkipsec.ike.message.EncryptedFragmentPayload;
import jkipsec.ike.message.ExchangeType;
import jkipsec.ike.message.IkeHeader;
import jkipsec.ike.message.IkeMessage;
import jkipsec.ike.message.PayloadType;
import jkipsec.ip.Endpoint;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class FragmenterTest {
    static List<CipherSuite> suites() {
        return List.of(CipherSuite.AES_GCM_16_256, CipherSuite.AES_CBC_256_HMAC_SHA2_256_128);
    }

    private static byte[] octets(int length) {
        byte[] octets = new byte[length];
        new Random(length).nextBytes(octets);
        return octets;
    }

    @ParameterizedTest
    @MethodSource("suites")
    void everyFragmentFitsTheLimitAndTogetherTheyAreTheContents(CipherSuite suite) throws Exception {
        var sealed = new SealedFragments(suite);
        for (int length : new int[] {0, 1, 2, 99, 448, 449, 450, 1_000, 5_000}) {
            var contents = new Contents(PayloadType.IDI, octets(length));
            for (int limit : new int[] {212, 548, 1_236}) {
                List<byte[]> messages = Fragmenter.seal(sealed.initiator, SealedFragments.HEADER, contents, limit, 1);
                var joined = new ByteWriter();
                for (int i = 0; i < messages.size(); i++) {
                    assertTrue(messages.get(i).length <= limit, "fragment of " + messages.get(i).length);
                    Reassembly.Fragment fragment = SealedFragments.parse(messages.get(i));
                    EncryptedFragmentPayload payload = fragment.payload();
                    assertEquals(SealedFragments.HEADER, fragment.header(), "section 2.5: the header is intact");
                    assertEquals(i + 1, payload.number());
                    assertEquals(messages.size(), payload.total());
                    assertEquals(i == 0 ? PayloadType.IDI : PayloadType.NONE, payload.firstInner());
                    joined.bytes(sealed.open(fragment).rest());
                }
                assertArrayEquals(contents.octets(), joined.toByteArray());
            }
        }
    }

    @ParameterizedTest
    @MethodSource("suites")
    void thereAreNoMoreFragmentsThanNeeded(CipherSuite suite) {
        var sealed = new SealedFragments(suite);
        int room = sealed.initiator.fragmentRoom(548);
        assertTrue(sealed.initiator.sealFragment(SealedFragments.HEADER, 1, 1, 0, octets(room)).length <= 548);
        assertTrue(sealed.initiator.sealFragment(SealedFragments.HEADER, 1, 1, 0, octets(room + 1)).length > 548);
        for (int[] row : new int[][] {{0, 1}, {1, 1}, {room, 1}, {room + 1, 2}, {2 * room, 2}, {2 * room + 1, 3}}) {
            var contents = new Contents(PayloadType.IDI, octets(row[0]));
            assertEquals(
                    row[1], Fragmenter.seal(sealed.initiator, SealedFragments.HEADER, contents, 548, 1).size());
        }
    }

    @Test
    void moreFragmentsCanBeAskedForButNoneIsMadeEmpty() {
        var sealed = new SealedFragments(CipherSuite.AES_GCM_16_256);
        for (int[] row : new int[][] {{0, 2, 1}, {1, 2, 1}, {2, 2, 2}, {100, 3, 3}, {100, 200, 100}}) {
            var contents = new Contents(PayloadType.IDI, octets(row[0]));
            assertEquals(row[2],
                    Fragmenter.seal(sealed.initiator, SealedFragments.HEADER, contents, 1_000, row[1]).size());
        }
    }

    @ParameterizedTest
    @MethodSource("suites")
    void theLengthOfAWholeMessageIsForetold(CipherSuite suite) {
        var sealed = new SealedFragments(suite);
        for (int length = 0; length < 40; length++) {
            byte[] message = sealed.initiator.seal(SealedFragments.HEADER, PayloadType.IDI, octets(length));
            assertEquals(message.length, sealed.initiator.sealedLength(length));
        }
    }

    @Test
    void messagesLeaveRoomForTheHeadersAroundThem() {
        var ipv4 = new Path(1, PortRole.IKE, Endpoint.parse("192.0.2.1:500"));
        var ipv4NatT = new Path(1, PortRole.NAT_T, Endpoint.parse("192.0.2.1:4500"));
        var ipv6NatT = new Path(1, PortRole.NAT_T, Endpoint.parse("[2001:db8::1]:4500"));
        assertEquals(1_280 - 20 - 8, Fragmenter.messageLimit(1_280, ipv4));
        assertEquals(1_280 - 20 - 8 - 4, Fragmenter.messageLimit(1_280, ipv4NatT));
        assertEquals(1_280 - 40 - 8 - 4, Fragmenter.messageLimit(1_280, ipv6NatT));
        assertEquals(576 - 20 - 8 - 4, Fragmenter.safeLimit(ipv4NatT));
        assertEquals(1_280 - 40 - 8 - 4, Fragmenter.safeLimit(ipv6NatT));
    }

    @Test
    void aMessageDividedAnewHasMoreFragmentsEvenIfFewerWouldDo() {
        var sealed = new SealedFragments(CipherSuite.AES_GCM_16_256);
        var path = new Path(1, PortRole.IKE, Endpoint.parse("192.0.2.1:500"));
        IkePolicy policy = IkePolicy.defaults();
        var contents = new Contents(PayloadType.IDI, octets(900));
        List<byte[]> two = Fragmenter.seal(sealed.initiator, SealedFragments.HEADER, contents, 572, 1);
        assertEquals(2, two.size());
        var message = new Outgoing(two, SealedFragments.HEADER, Optional.of(contents));
        assertTrue(new Fragments(policy).smaller(sealed.initiator, message, path).isEmpty(), "nothing was agreed on");
        var agreed = new Fragments(policy);
        agreed.agree(new IkeMessage(
                new IkeHeader(1, 0, ExchangeType.IKE_SA_INIT, true, false, 0), Fragments.offer(policy)));
        assertTrue(agreed.smaller(sealed.initiator, message, path).isEmpty(), "both fragments fit 576 octets");
        var large = new Contents(PayloadType.IDI, octets(1_000));
        List<byte[]> twoOf1000 = Fragmenter.seal(sealed.initiator, SealedFragments.HEADER, large, 600, 1);
        assertEquals(2, twoOf1000.size());
        var again = new Outgoing(twoOf1000, SealedFragments.HEADER, Optional.of(large));
        assertEquals(3, agreed.smaller(sealed.initiator, again, path).orElseThrow().datagrams().size());
    }
}
