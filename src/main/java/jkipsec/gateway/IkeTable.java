package jkipsec.gateway;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import jkipsec.bytes.MalformedMessage;
import jkipsec.bytes.RateLimit;
import jkipsec.ike.IkeDrop;
import jkipsec.ike.IkePolicy;
import jkipsec.ike.IkeSa;
import jkipsec.ike.IkeSettings;
import jkipsec.ike.InitOutcome;
import jkipsec.ike.InnerAddresses;
import jkipsec.ike.Path;
import jkipsec.ike.message.ExchangeType;
import jkipsec.ike.message.IkeHeader;
import jkipsec.ike.message.IkeMessage;
import jkipsec.ike.message.NoncePayload;
import jkipsec.ike.message.NotifyPayload;
import jkipsec.ike.message.NotifyType;
import jkipsec.ip.Endpoint;
import jkipsec.ip.IpAddress;

/**
 * The IKE SAs of one gateway: finds the one that a message names, and takes up new handshakes within the bounds of
 * policy (RFC 7296 §2.6). Confined to the gateway's thread.
 */
final class IkeTable {
    private static final int MAJOR_VERSION = 2;

    /** A handshake keeps its first message: this bounds what one that is half open takes. */
    private static final int LONGEST_INIT = 8 * 1024;

    /** By this, and not by our SPI, an IKE_SA_INIT request that comes again is known (RFC 7296 §2.1). */
    private record Begun(long initiatorSpi, Endpoint peer) {}

    private static final class Entry implements Deadlines.Timed {
        private final IkeSa sa;
        private Begun begun;
        private InnerAddresses lease;

        Entry(IkeSa sa) {
            this.sa = sa;
        }

        @Override
        public long nextDeadline() {
            return sa.nextDeadline();
        }

        @Override
        public void tick(long now) {
            sa.tick(now);
        }
    }

    private final IkeSettings settings;
    private boolean responds;
    private final RateLimit unprotectedAnswers;
    private final RateLimit cookieAnswers;
    private final Admission admission;
    private final Cookies cookies;
    private final Map<Long, Entry> bySpi = new HashMap<>();
    private final Map<Begun, Entry> handshakes = new HashMap<>();

    IkeTable(IkeSettings settings, boolean responds) {
        this.settings = settings;
        this.responds = responds;
        IkePolicy.Limits limits = settings.policy().limits();
        this.unprotectedAnswers = new RateLimit(limits.unprotectedAnswers());
        this.cookieAnswers = new RateLimit(limits.cookieAnswers());
        this.admission = new Admission(limits.halfOpen());
        this.cookies = new Cookies(settings.random());
    }

    long newSpi() {
        long spi;
        do {
            spi = settings.random().nextLong();
        } while (spi == 0 || bySpi.containsKey(spi));
        return spi;
    }

    void add(IkeSa sa) {
        bySpi.put(sa.spi(), new Entry(sa));
    }

    void remove(IkeSa sa) {
        handshakeEnded(sa);
        bySpi.remove(sa.spi());
    }

    /** Takes up no new handshake from now on. */
    void stop() {
        responds = false;
    }

    List<IkeSa> all() {
        return bySpi.values().stream().map(entry -> entry.sa).toList();
    }

    /** The timers of an IKE SA; of one that was removed, a machine that never wants to be called. */
    Deadlines.Timed timed(IkeSa sa) {
        Entry entry = bySpi.get(sa.spi());
        return entry != null ? entry : new Entry(sa);
    }

    void leased(IkeSa sa, InnerAddresses addresses) {
        bySpi.get(sa.spi()).lease = addresses;
    }

    Optional<InnerAddresses> lease(IkeSa sa) {
        return Optional.ofNullable(bySpi.get(sa.spi())).map(entry -> entry.lease);
    }

    /** The inner address stays the device's when its IKE SA is replaced. */
    void moveLease(IkeSa old, IkeSa next) {
        Entry before = bySpi.get(old.spi());
        bySpi.get(next.spi()).lease = before.lease;
        before.lease = null;
    }

    /** The IKE SA no longer counts as half-open. */
    void handshakeEnded(IkeSa sa) {
        Entry entry = bySpi.get(sa.spi());
        if (entry != null && entry.begun != null) {
            handshakes.remove(entry.begun);
            admission.ended(entry.begun.peer().address());
            entry.begun = null;
        }
    }

    /** Takes a message; returns the IKE SA that was called, or null. */
    IkeSa receive(Path path, byte[] octets, long now) {
        IkeHeader.Received received;
        try {
            received = IkeHeader.peek(octets, 0, octets.length);
        } catch (MalformedMessage e) {
            return drop(IkeDrop.MALFORMED);
        }
        IkeHeader header = received.header();
        if (received.majorVersion() != MAJOR_VERSION) {
            if (received.majorVersion() > MAJOR_VERSION && !header.response()) {
                answerUnprotected(path, header, NotifyType.INVALID_MAJOR_VERSION, now);
            }
            return drop(IkeDrop.MAJOR_VERSION);
        }
        boolean begins = header.exchangeType() == ExchangeType.IKE_SA_INIT
                && header.initiator()
                && !header.response()
                && header.responderSpi() == 0;
        Entry entry = begins ? null : bySpi.get(header.initiator() ? header.responderSpi() : header.initiatorSpi());
        if (!begins && entry == null) {
            if (!header.response() && header.exchangeType() != ExchangeType.IKE_SA_INIT) {
                answerUnprotected(path, header, NotifyType.INVALID_IKE_SPI, now);
            }
            return drop(IkeDrop.UNKNOWN_SPI);
        }
        IkeMessage message;
        try {
            message = IkeMessage.parse(octets, 0, octets.length);
        } catch (MalformedMessage e) {
            return drop(IkeDrop.MALFORMED);
        }
        if (begins) {
            return begin(path, message, octets, now);
        }
        entry.sa.receive(message, octets, path, now);
        return entry.sa;
    }

    private IkeSa begin(Path path, IkeMessage message, byte[] octets, long now) {
        if (!responds || message.header().messageId() != 0 || message.header().initiatorSpi() == 0) {
            return drop(IkeDrop.UNEXPECTED_EXCHANGE);
        }
        if (octets.length > LONGEST_INIT) {
            return drop(IkeDrop.INIT_TOO_LONG);
        }
        Entry known = handshakes.get(new Begun(message.header().initiatorSpi(), path.peer()));
        if (known != null) {
            known.sa.repeatedInit(octets, path);
            return known.sa;
        }
        IpAddress source = path.peer().address();
        return switch (admission.judge(source, () -> cookies.accepts(message, source, now), now)) {
            case FULL -> drop(IkeDrop.HALF_OPEN_LIMIT);
            case SOURCE_FULL -> drop(IkeDrop.SOURCE_LIMIT);
            case COOKIE -> demandCookie(path, message, octets.length, now);
            case ADMIT -> admit(path, message, octets, now);
        };
    }

    /** Answered without keeping anything, and with nothing longer than the request, since its source may be forged. */
    private IkeSa demandCookie(Path path, IkeMessage request, int requestLength, long now) {
        if (request.first(NoncePayload.class).isEmpty()) {
            return drop(IkeDrop.MALFORMED);
        }
        if (!cookieAnswers.tryAcquire(now)) {
            return drop(IkeDrop.RATE_LIMITED);
        }
        var cookie = NotifyPayload.of(NotifyType.COOKIE, cookies.make(request, path.peer().address(), now));
        var header = new IkeHeader(request.header().initiatorSpi(), 0, ExchangeType.IKE_SA_INIT, false, true, 0);
        byte[] answer = new IkeMessage(header, List.of(cookie)).write();
        if (answer.length > requestLength) {
            return drop(IkeDrop.MALFORMED);
        }
        settings.host().transmit(path, answer);
        return drop(IkeDrop.COOKIE_DEMANDED);
    }

    private IkeSa admit(Path path, IkeMessage message, byte[] octets, long now) {
        return switch (IkeSa.respond(message, octets, path, settings, newSpi(), now)) {
            case InitOutcome.Ignored ignored -> drop(ignored.reason());
            case InitOutcome.Refused refused -> {
                answerUnprotected(path, refused.answer(), now);
                yield null;
            }
            case InitOutcome.Begun outcome -> {
                add(outcome.sa());
                Entry entry = bySpi.get(outcome.sa().spi());
                entry.begun = new Begun(message.header().initiatorSpi(), path.peer());
                handshakes.put(entry.begun, entry);
                admission.began(path.peer().address());
                yield outcome.sa();
            }
        };
    }

    /** SPIs and message ID are copied from the request (RFC 7296 §1.5, §2.21.4). */
    private void answerUnprotected(Path path, IkeHeader request, int notifyType, long now) {
        var header = new IkeHeader(
                request.initiatorSpi(),
                request.responderSpi(),
                request.exchangeType(),
                !request.initiator(),
                true,
                request.messageId());
        answerUnprotected(path, new IkeMessage(header, List.of(NotifyPayload.of(notifyType))).write(), now);
    }

    private void answerUnprotected(Path path, byte[] answer, long now) {
        if (unprotectedAnswers.tryAcquire(now)) {
            settings.host().transmit(path, answer);
        } else {
            drop(IkeDrop.RATE_LIMITED);
        }
    }

    private IkeSa drop(IkeDrop reason) {
        settings.host().dropped(reason);
        return null;
    }
}
