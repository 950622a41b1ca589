package jkipsec.ike;

import java.util.List;
import java.util.Optional;
import jkipsec.bytes.ByteReader;
import jkipsec.bytes.MalformedMessage;
import jkipsec.ike.message.EncryptedFragmentPayload;
import jkipsec.ike.message.EncryptedPayload;
import jkipsec.ike.message.ExchangeType;
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
    /** After so many transmissions without an answer, a large message is taken to be too large for the path. */
    private static final int PROBES = 3;

    /** Where the IKE header names the first payload's type. */
    private static final int NEXT_PAYLOAD_OFFSET = 16;

    private final IkeSettings settings;
    private final boolean initiator;
    private final long initiatorSpi;
    private final RequestQueue requests;
    private final ResponseCache responses;
    private final Fragments fragments;
    private long responderSpi;
    private Path path;
    private IkeKeys keys;
    private SkProtection protection;
    private SkProtection former;
    private byte[] received;
    private Path requestPath;
    private int requestExchange;

    /** The SPIs that begin an IKE SA; the responder's is 0 as long as its initiator does not know it. */
    record Spis(long initiator, long responder) {}

    /** Of an IKE SA that begins with IKE_SA_INIT. */
    Exchanges(IkeSettings settings, boolean initiator, Spis spis, Path path) {
        // As responder, IKE_SA_INIT with message ID 0 was taken before this object was made.
        this(settings, initiator, spis, path, new ResponseCache(initiator ? 0 : 1));
    }

    /** Of an IKE SA that replaces another: message IDs begin at 0 in both directions (RFC 7296 §2.18). */
    static Exchanges rekeyed(IkeSettings settings, boolean initiator, Spis spis, Path path) {
        return new Exchanges(settings, initiator, spis, path, new ResponseCache(0));
    }

    private Exchanges(IkeSettings settings, boolean initiator, Spis spis, Path path, ResponseCache responses) {
        this.settings = settings;
        this.initiator = initiator;
        this.initiatorSpi = spis.initiator();
        this.responderSpi = spis.responder();
        this.path = path;
        this.requests = new RequestQueue(settings.policy().retransmission());
        this.responses = responses;
        this.fragments = new Fragments(settings.policy());
    }

    /** Whether a header has the direction and the SPIs of the peer's messages. */
    boolean isFromPeer(IkeHeader header) {
        long known = initiator ? responderSpi : initiatorSpi;
        long named = initiator ? header.responderSpi() : header.initiatorSpi();
        return header.initiator() != initiator && (known == 0 || known == named);
    }

    /**
     * The keys are there: from now on every message is protected. Keys that were there before are replaced, but for the
     * repetition of the last request and its answer (RFC 9242 §3.3.1).
     */
    void protect(IkeKeys derived) {
        if (protection != null) {
            forgetFormer();
            former = protection;
            keys.destroy();
        }
        keys = derived;
        protection = SkProtection.of(derived, initiator, settings.random());
    }

    /** Takes keys that differ in SK_d, SK_pi and SK_pr alone: what protects messages stays (RFC 8784 §3). */
    void mix(IkeKeys mixed) {
        keys.destroy();
        keys = mixed;
    }

    boolean isProtected() {
        return protection != null;
    }

    private void forgetFormer() {
        if (former != null) {
            former.destroy();
            former = null;
        }
    }

    /** What protects the last request and its answer. */
    private SkProtection ofLastRequest() {
        return former != null ? former : protection;
    }

    void destroyKeys() {
        fragments.clear();
        forgetFormer();
        if (protection != null) {
            protection.destroy();
            protection = null;
            keys.destroy();
            keys = null;
        }
    }

    Outgoing seal(int exchangeType, boolean response, int messageId, List<Payload> payloads) {
        var header = new IkeHeader(initiatorSpi, responderSpi, exchangeType, initiator, response, messageId);
        return fragments.seal(protection, header, payloads, response ? requestPath : path);
    }

    /**
     * A message that passed its integrity check.
     *
     * @param firstInner the first inner payload's type
     * @param inner the inner payloads
     * @param octets the message as received, or its first fragment: by which its repetition is known
     * @param longestFragment the length of its longest fragment, {@link Integer#MAX_VALUE} when it came whole
     */
    record Opened(int firstInner, ByteReader inner, byte[] octets, int longestFragment) {}

    /**
     * Verifies and decrypts a message; nothing, and counted, when it is not what the peer's keys make; nothing either
     * while it is a fragment and others are missing.
     *
     * @throws MalformedMessage when it is what they make, but its padding is impossible or its fragments too much
     */
    Optional<Opened> open(IkeMessage message, byte[] octets, long now) throws MalformedMessage {
        Optional<Opened> opened = verified(message, octets, now);
        return opened.isPresent() && message.header().exchangeType() == ExchangeType.IKE_INTERMEDIATE
                ? Optional.of(noted(opened.get()))
                : opened;
    }

    /** Keeps what IKE_AUTH has to prove of a message that was received. */
    private Opened noted(Opened opened) throws MalformedMessage {
        byte[] inner = opened.inner().rest();
        List<Payload> payloads = IkeMessage.parse(opened.octets()).payloads();
        int encrypted = opened.octets().length - length(payloads.get(payloads.size() - 1));
        int named = payloads.size() == 1
                ? NEXT_PAYLOAD_OFFSET
                : encrypted - length(payloads.get(payloads.size() - 2));
        received = IntAuth.of(opened.octets(), encrypted, named, inner);
        return new Opened(
                opened.firstInner(), new ByteReader(inner, "RFC 7296 §3.14"), opened.octets(), opened.longestFragment());
    }

    private static int length(Payload payload) {
        return Payload.HEADER_LENGTH + payload.bodyLength();
    }

    /** The octets that stand in {@link IntAuth} for the message of IKE_INTERMEDIATE opened last. */
    byte[] received() {
        return received;
    }

    private Optional<Opened> verified(IkeMessage message, byte[] octets, long now) throws MalformedMessage {
        return switch (lastPayload(message)) {
            case EncryptedPayload sk -> verify(octets, sk.bodyLength())
                    .map(inner -> new Opened(sk.firstInner(), inner, octets, Integer.MAX_VALUE));
            case EncryptedFragmentPayload skf ->
                openFragment(new Reassembly.Fragment(message.header(), skf, octets), now);
            case null, default -> {
                settings.host().dropped(IkeDrop.MALFORMED);
                yield Optional.empty();
            }
        };
    }

    private static Payload lastPayload(IkeMessage message) {
        List<Payload> payloads = message.payloads();
        return payloads.isEmpty() ? null : payloads.get(payloads.size() - 1);
    }

    private Optional<ByteReader> verify(byte[] octets, int sealed) throws MalformedMessage {
        Optional<ByteReader> contents = protection.open(octets, sealed);
        if (contents.isEmpty()) {
            settings.host().dropped(IkeDrop.BAD_ICV);
        }
        return contents;
    }

    private Optional<Opened> openFragment(Reassembly.Fragment fragment, long now) throws MalformedMessage {
        Optional<IkeDrop> objection = fragments.objection(fragment);
        if (objection.isPresent()) {
            settings.host().dropped(objection.get());
            return Optional.empty();
        }
        Optional<ByteReader> contents = verify(fragment.message(), fragment.sealedLength());
        Optional<Reassembly.Whole> whole =
                contents.isPresent() ? fragments.add(fragment, contents.get(), now) : Optional.empty();
        return whole.map(w -> new Opened(w.firstInner(), w.contents(), w.firstMessage(), w.longest()));
    }

    /** What a request is: new, the last one again, or neither. */
    ResponseCache.Verdict classify(IkeMessage message, byte[] octets) {
        ResponseCache.Verdict verdict = responses.classify(message.header().messageId(), octets);
        if (verdict != ResponseCache.Verdict.CHANGED || protection == null
                || !(lastPayload(message) instanceof EncryptedFragmentPayload skf)) {
            return verdict;
        }
        // A request that came whole may come again in fragments, or in smaller ones; the first of them stands for all
        // (RFC 7383 §2.6.1).
        var fragment = new Reassembly.Fragment(message.header(), skf, octets);
        if (!fragments.agreed() || skf.number() != 1) {
            return ResponseCache.Verdict.FURTHER_FRAGMENT;
        }
        try {
            return ofLastRequest().open(octets, fragment.sealedLength()).isPresent() ? responses.repeated() : verdict;
        } catch (MalformedMessage e) {
            return verdict;
        }
    }

    /** Takes a new request of the peer's whose integrity was verified; it is to be answered with {@link #respond}. */
    void accept(IkeMessage message, Opened opened, Path from) {
        accept(message, opened.octets(), from);
        fragments.requestTaken(opened.longestFragment());
    }

    /** The same for one that has nothing inside that could be used. */
    void accept(IkeMessage message, byte[] octets, Path from) {
        responses.accept(octets);
        forgetFormer();
        fragments.requestTaken(Integer.MAX_VALUE);
        requestPath = from;
        requestExchange = message.header().exchangeType();
    }

    /** Sends, and keeps, the answer to the request accepted last. */
    void respond(List<Payload> payloads) {
        Outgoing message = seal(requestExchange, true, responses.lastMessageId(), payloads);
        responses.answered(message);
        transmit(requestPath, message);
    }

    private void transmit(Path to, Outgoing message) {
        message.datagrams().forEach(datagram -> settings.host().transmit(to, datagram));
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
        Outgoing message = requests.startNext(now);
        if (message != null) {
            fragments.responseTaken();
            transmit(path, message);
        }
    }

    /** Sends the outstanding request once more: in smaller fragments when it does not seem to get through. */
    void retransmit(long now) {
        Optional<Outgoing> smaller = requests.transmissions() == PROBES
                ? fragments.smaller(protection, requests.message(), path)
                : Optional.empty();
        transmit(path, smaller.isPresent() ? requests.restart(smaller.get(), now) : requests.retransmit(now));
    }

    /** Sends the outstanding request over another path as well: the answer shows whether that one works. */
    void repeatOver(Path other) {
        transmit(other, requests.message());
    }

    /** Sends another message in place of the outstanding request. */
    void restart(Outgoing message, long now) {
        transmit(path, requests.restart(message, now));
    }

    /** Answers a repeated request, from where it came this time: in smaller fragments when it came often. */
    void repeatResponse(Path from) {
        if (responses.countRepeat() == PROBES) {
            fragments.smaller(ofLastRequest(), responses.response(), from).ifPresent(responses::answered);
        }
        transmit(from, responses.response());
    }

    Fragments fragments() {
        return fragments;
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

    /** Where the request accepted last came from. */
    Path requestPath() {
        return requestPath;
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
