package jkipsec.ike;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.List;
import java.util.Optional;
import jkipsec.bytes.ByteWriter;
import jkipsec.bytes.RandomSource;
import jkipsec.ike.message.IkeMessage;
import jkipsec.ike.message.NotifyPayload;
import jkipsec.ike.message.NotifyType;
import jkipsec.ip.Endpoint;

/**
 * The NAT_DETECTION notifications (RFC 7296 §2.23): SHA-1 over both SPIs, an address and a port.
 *
 * <p>A program without a raw socket can only receive ESP inside UDP. So this side's NAT_DETECTION_SOURCE_IP never
 * matches: its peers conclude that there is a NAT before us, which obliges them to move to port 4500 and to encapsulate.
 */
final class NatDetection {
    private static final int HASH_LENGTH = 20;

    private NatDetection() {}

    static byte[] hash(long initiatorSpi, long responderSpi, Endpoint endpoint) {
        try {
            byte[] input = new ByteWriter(34)
                    .i64(initiatorSpi)
                    .i64(responderSpi)
                    .bytes(endpoint.address().toByteArray())
                    .u16(endpoint.port())
                    .toByteArray();
            return MessageDigest.getInstance("SHA-1").digest(input);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("this Java runtime lacks SHA-1, which RFC 7296 §2.23 needs", e);
        }
    }

    /** The two notifications to send: a source that never matches, and the peer's address as we see it. */
    static List<NotifyPayload> notifications(long initiatorSpi, long responderSpi, Endpoint peer, RandomSource random) {
        return List.of(
                NotifyPayload.of(NotifyType.NAT_DETECTION_SOURCE_IP, random.bytes(HASH_LENGTH)),
                NotifyPayload.of(NotifyType.NAT_DETECTION_DESTINATION_IP, hash(initiatorSpi, responderSpi, peer)));
    }

    /** Whether a message says that its sender understands NAT traversal. */
    static boolean supported(IkeMessage message) {
        return message.notify(NotifyType.NAT_DETECTION_SOURCE_IP).isPresent()
                && message.notify(NotifyType.NAT_DETECTION_DESTINATION_IP).isPresent();
    }

    /** Whether a destination hash of the peer's is other than that of an address of ours. */
    static boolean differs(NotifyPayload destination, IkeSa sa, Endpoint us) {
        byte[] expected = hash(sa.exchanges().initiatorSpi(), sa.exchanges().responderSpi(), us);
        return !MessageDigest.isEqual(expected, destination.data());
    }

    /** Whether the receiver is behind a NAT: no destination hash fits its address, where that is known. */
    static boolean receiverBehindNat(IkeMessage message, Optional<Endpoint> receiver) {
        return receiver.map(us -> noneMatches(message, NotifyType.NAT_DETECTION_DESTINATION_IP, us)).orElse(false);
    }

    /** Whether the sender is behind a NAT: none of its source hashes fits where its message came from. */
    static boolean senderBehindNat(IkeMessage message, Endpoint seenFrom) {
        return noneMatches(message, NotifyType.NAT_DETECTION_SOURCE_IP, seenFrom);
    }

    private static boolean noneMatches(IkeMessage message, int type, Endpoint endpoint) {
        byte[] expected = hash(message.header().initiatorSpi(), message.header().responderSpi(), endpoint);
        return message.all(NotifyPayload.class).stream()
                .filter(n -> n.type() == type)
                .noneMatch(n -> MessageDigest.isEqual(expected, n.data()));
    }
}
