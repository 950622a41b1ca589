package jkipsec.ike;

import java.util.List;
import java.util.Optional;
import jkipsec.bytes.ByteReader;
import jkipsec.bytes.MalformedMessage;
import jkipsec.ike.message.EncryptedPayload;
import jkipsec.ike.message.IkeHeader;
import jkipsec.ike.message.IkeMessage;
import jkipsec.ike.message.NotifyPayload;
import jkipsec.ike.message.NotifyType;
import jkipsec.ike.message.Payload;

/**
 * The exchange layer of one IKE SA, the same in both roles and for every exchange: SPIs and path, message IDs and
 * retransmission (RFC 7296 §2.1 to §2.3), and the protection of messages once there are keys (§3.14).
 *
 * <p>Confined to the thread that owns the IKE SA.
 */
final class Exchanges {
    private final IkeSettings settings;
    private final boolean initiator;
    private final long initiatorSpi;
    private final RequestQueue requests;
    private final ResponseCache responses;
    private long responderSpi;
    private Path path;
    private IkeKeys keys;
    private SkProtection protection;
    private Path requestPath;
    private int requestExchange;

    /** The SPIs that begin an IKE SA; the responder's is 0 as long as its initiator does not know it. */
    record Spis(long initiator, long responder) {}

    Exchanges(IkeSettings settings, boolean initiator, Spis spis, Path path) {
        this.settings = settings;
        this.initiator = initiator;
        this.initiatorSpi = spis.initiator();
        this.responderSpi = spis.responder();
        this.path = path;
        this.requests = new RequestQueue(settings.policy().retransmission());
        // As responder, IKE_SA_INIT with message ID 0 was taken before this object was made.
        this.responses = new ResponseCache(initiator ? 0 : 1);
    }

    /** Whether a header has the direction and the SPIs of the peer's messages. */
    boolean isFromPeer(IkeHeader header) {
        long known = initiator ? responderSpi : initiatorSpi;
        long named = initiator ? header.responderSpi() : header.initiatorSpi();
        return header.initiator() != initiator && (known == 0 || known == named);
    }

    /** The keys are there: from now on every message is protected. */
    void protect(IkeKeys derived) {
        keys = derived;
        protection = SkProtection.of(derived, initiator, settings.random());
    }

    boolean isProtected() {
        return protection != null;
    }

    void destroyKeys() {
        if (protection != null) {
            protection.destroy();
            protection = null;
            keys.destroy();
            keys = null;
        }
    }

    byte[] seal(int exchangeType, boolean response, int messageId, List<Payload> payloads) {
        var header = new IkeHeader(initiatorSpi, responderSpi, exchangeType, initiator, response, messageId);
        return protection.seal(header, payloads);
    }

    /** A message that passed its integrity check: the first inner payload's type, and the inner payloads. */
    record Opened(int firstInner, ByteReader inner) {}

    /**
     * Verifies and decrypts a message; nothing, and counted, when it is not what the peer's keys make.
     *
     * @throws MalformedMessage when it is what they make, but its padding is impossible
     */
    Optional<Opened> open(IkeMessage message, byte[] octets) throws MalformedMessage {
        List<Payload> payloads = message.payloads();
        if (payloads.isEmpty() || !(payloads.get(payloads.size() - 1) instanceof EncryptedPayload sk)) {
            settings.host().dropped(IkeDrop.MALFORMED);
            return Optional.empty();
        }
        Optional<ByteReader> inner = protection.open(octets, sk);
        if (inner.isEmpty()) {
            settings.host().dropped(IkeDrop.BAD_ICV);
        }
        return inner.map(reader -> new Opened(sk.firstInner(), reader));
    }

    /** Takes a new request of the peer's whose integrity was verified; it is to be answered with {@link #respond}. */
    void accept(IkeMessage message, byte[] octets, Path from) {
        responses.accept(octets);
        requestPath = from;
        requestExchange = message.header().exchangeType();
    }

    /** Sends, and keeps, the answer to the request accepted last. */
    void respond(List<Payload> payloads) {
        byte[] message = seal(requestExchange, true, responses.lastMessageId(), payloads);
        responses.answered(message);
        settings.host().transmit(requestPath, message);
    }

    void respond(int notifyType) {
        respond(List.of(NotifyPayload.of(notifyType)));
    }

    /** The request is rejected in its entirety (RFC 7296 §2.5). */
    void refuseCritical(int payloadType) {
        byte[] data = {(byte) payloadType};
        respond(List.of(NotifyPayload.of(NotifyType.UNSUPPORTED_CRITICAL_PAYLOAD, data)));
    }

    /** Sends the next waiting request if none is outstanding. */
    void pump(long now) {
        byte[] message = requests.startNext(now);
        if (message != null) {
            settings.host().transmit(path, message);
        }
    }

    /** Sends the outstanding request once more. */
    void retransmit(long now) {
        settings.host().transmit(path, requests.retransmit(now));
    }

    /** Answers a repeated request, from where it came this time. */
    void repeatResponse(Path from) {
        settings.host().transmit(from, responses.response());
    }

    RequestQueue requests() {
        return requests;
    }

    ResponseCache responses() {
        return responses;
    }

    int requestExchange() {
        return requestExchange;
    }

    IkeKeys keys() {
        return keys;
    }

    Path path() {
        return path;
    }

    void moveTo(Path other) {
        path = other;
    }

    void moveToRequestPath() {
        path = requestPath;
    }

    long initiatorSpi() {
        return initiatorSpi;
    }

    long responderSpi() {
        return responderSpi;
    }

    void responderSpi(long spi) {
        responderSpi = spi;
    }

    boolean initiator() {
        return initiator;
    }

    long ownSpi() {
        return initiator ? initiatorSpi : responderSpi;
    }
}
