package jkipsec.ike;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import jkipsec.bytes.ByteReader;
import jkipsec.bytes.MalformedMessage;
import jkipsec.crypto.CipherSuite;
import jkipsec.ike.IkePolicy.Fragmentation.Mode;
import jkipsec.ike.Reassembly.Fragment;
import jkipsec.ike.message.EncryptedFragmentPayload;
import jkipsec.ike.message.IkeHeader;
import jkipsec.ike.message.PayloadType;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

/** Laws of fragments and of putting them together (RFC 7383). */
class ReassemblyProperties {
    private static final int MOST_OCTETS = 4_000;
    private static final int MOST_FRAGMENTS = 64;
    private static final IkePolicy.Fragmentation POLICY =
            new IkePolicy.Fragmentation(Mode.SUPPORTED, 1_280, MOST_FRAGMENTS, MOST_OCTETS);

    /** RFC 7383 §2.6 with sets of numbers in place of a queue. */
    private static final class Model {
        private final Set<Integer> numbers = new HashSet<>();
        private int total;

        /** Whether the fragment is taken. */
        boolean takes(EncryptedFragmentPayload fragment) {
            if (numbers.isEmpty() || fragment.total() > total) {
                numbers.clear();
                total = fragment.total();
            }
            return fragment.total() == total && numbers.add(fragment.number());
        }

        boolean complete() {
            boolean complete = numbers.size() == total;
            if (complete) {
                numbers.clear();
            }
            return complete;
        }
    }

    @Property(tries = 300)
    void agreesWithASetForAnyOrderDuplicationAndLossOfAnyDivisions(
            @ForAll long seed, @ForAll @IntRange(max = 2_000) int length, @ForAll @IntRange(max = 60) int deliveries)
            throws Exception {
        var random = new Random(seed);
        byte[] octets = new byte[length];
        random.nextBytes(octets);
        var contents = new Contents(1 + random.nextInt(200), octets);
        var sealed = new SealedFragments(CipherSuite.AES_GCM_16_256);
        var pool = new ArrayList<byte[]>();
        for (int divisions = 1 + random.nextInt(3); divisions > 0; divisions--) {
            pool.addAll(Fragmenter.seal(
                    sealed.initiator, SealedFragments.HEADER, contents, 2_100, 1 + random.nextInt(6)));
        }
        var reassembly = new Reassembly(POLICY, 1_000);
        var model = new Model();
        for (int i = 0; i < deliveries; i++) {
            Fragment fragment = SealedFragments.parse(pool.get(random.nextInt(pool.size())));
            boolean expected = model.takes(fragment.payload());
            assertEquals(expected, reassembly.objection(fragment).isEmpty());
            if (expected) {
                Optional<Reassembly.Whole> whole = reassembly.add(fragment, sealed.open(fragment), i);
                assertEquals(model.complete(), whole.isPresent());
                if (whole.isPresent()) {
                    assertArrayEquals(octets, whole.get().contents().rest());
                    assertEquals(contents.firstInner(), whole.get().firstInner());
                }
            }
            assertTrue(reassembly.octets() <= length, "never more than one message");
        }
    }

    @Property(tries = 200)
    void whateverAnAuthenticatedPeerSendsMemoryIsBounded(@ForAll long seed) {
        var random = new Random(seed);
        var reassembly = new Reassembly(POLICY, 1_000);
        for (int i = 0; i < 300; i++) {
            int total = 1 + random.nextInt(random.nextBoolean() ? 80 : 0xffff);
            var payload = new EncryptedFragmentPayload(
                    random.nextInt(256), 1 + random.nextInt(total), total, new byte[20]);
            var header = new IkeHeader(1, 2, 35 + random.nextInt(2), true, false, random.nextInt(3));
            var fragment = new Fragment(header, payload, new byte[60]);
            if (reassembly.objection(fragment).isEmpty()) {
                try {
                    reassembly.add(fragment, new ByteReader(new byte[random.nextInt(500)], "test"), i);
                } catch (MalformedMessage e) {
                    assertEquals(0, reassembly.octets());
                }
            }
            assertTrue(reassembly.octets() <= MOST_OCTETS);
            assertTrue(reassembly.fragments() < MOST_FRAGMENTS);
            assertEquals(reassembly.fragments() == 0, reassembly.deadline() == Long.MAX_VALUE);
        }
    }

    @Property(tries = 20)
    void everyBitFlipAndTruncationOfAFragmentIsSeen(@ForAll long seed, @ForAll boolean aead) throws Exception {
        var sealed = new SealedFragments(
                aead ? CipherSuite.AES_GCM_16_256 : CipherSuite.AES_CBC_256_HMAC_SHA2_256_128);
        byte[] octets = new byte[new Random(seed).nextInt(60)];
        var contents = new Contents(PayloadType.IDI, octets);
        List<byte[]> messages = Fragmenter.seal(sealed.initiator, SealedFragments.HEADER, contents, 1_200, 2);
        for (byte[] message : messages) {
            int end = SealedFragments.parse(message).sealedLength();
            for (int bit = 0; bit < message.length * 8; bit++) {
                byte[] flipped = message.clone();
                flipped[bit / 8] ^= (byte) (1 << bit % 8);
                assertFalse(sealed.responder.open(flipped, end).isPresent(), "bit " + bit);
            }
            for (int length = message.length - end; length < message.length; length++) {
                byte[] shorter = Arrays.copyOf(message, length);
                assertFalse(sealed.responder.open(shorter, end - (message.length - length)).isPresent());
            }
        }
    }
}
