package jkipsec.ike;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * The Child SAs beneath an IKE SA: which one sends, which are being replaced or closed, and which only still receive what
 * was on its way. It moves as a whole to the IKE SA that replaces another (RFC 7296 §2.8).
 *
 * <pre>
 *   ACTIVE --(we rekey)--&gt; REKEYING --(answered)--&gt; DELETING --(answered)--&gt; GONE --(a while later)--&gt; forgotten
 *      `-----(peer rekeys)--&gt; REPLACED --(peer's DELETE)-------------------------^
 * </pre>
 *
 * <p>Confined to the thread that owns the IKE SA.
 */
final class ChildSas {
    /** How long a closed Child SA still receives: packets sent before the peer closed it may be on their way. */
    private static final long LINGER = 5_000_000_000L;

    enum State {
        ACTIVE,
        REKEYING,
        REPLACED,
        DELETING,
        GONE
    }

    /** One Child SA and what is happening to it. */
    static final class Entry {
        private final ChildSa sa;
        private final Lifetime lifetime;
        private State state = State.ACTIVE;
        private long softAt;
        private final long hardAt;
        private long forgetAt = Long.MAX_VALUE;
        private long sentPackets;
        private long sentOctets;
        private PeerRekey peerRekey;
        private boolean followedUp;

        private Entry(ChildSa sa, Lifetime lifetime, long softAt, long hardAt) {
            this.sa = sa;
            this.lifetime = lifetime;
            this.softAt = softAt;
            this.hardAt = hardAt;
        }

        ChildSa sa() {
            return sa;
        }

        Lifetime lifetime() {
            return lifetime;
        }

        State state() {
            return state;
        }

        void state(State other) {
            state = other;
        }

        void retryAt(long time) {
            state = State.ACTIVE;
            softAt = time;
        }

        /** The peer's own rekeying of this Child SA, when it came while ours was outstanding (§2.8.1). */
        Optional<PeerRekey> peerRekey() {
            return Optional.ofNullable(peerRekey);
        }

        void peerRekey(PeerRekey other) {
            peerRekey = other;
        }

        /** Whether our own rekeying has come so far that its additional key exchanges are under way. */
        boolean isFollowedUp() {
            return state == State.REKEYING && followedUp;
        }

        void followedUp(boolean underWay) {
            followedUp = underWay;
        }

        boolean isUsable() {
            return state != State.GONE && state != State.DELETING;
        }

        void sent(int octets) {
            sentPackets++;
            sentOctets += octets;
        }

        boolean exceeds(Lifetime.Volume volume) {
            return volume.isExceededBy(sentPackets, sentOctets)
                    || volume.isExceededBy(sa.inbound().highestSequence(), sa.inbound().octets());
        }

        private long deadline() {
            return switch (state) {
                case GONE -> forgetAt;
                case ACTIVE -> Math.min(softAt, hardAt);
                case REKEYING, REPLACED -> hardAt;
                // Its DELETE is repeated until it is answered, or the peer counts as unreachable.
                case DELETING -> Long.MAX_VALUE;
            };
        }
    }

    /**
     * A rekeying of the peer's that collides with ours.
     *
     * @param creation what makes the new Child SA
     * @param complete whether it is made; otherwise its additional key exchanges are under way (RFC 9370 §2.2.4)
     * @param lowestNonce the lower of its two nonces
     */
    record PeerRekey(FollowUpResponder.Creation creation, boolean complete, byte[] lowestNonce) {}

    private final List<Entry> entries = new ArrayList<>();
    private Entry sender;

    Entry add(ChildSa sa, Lifetime lifetime, long softAt, long hardAt) {
        var entry = new Entry(sa, lifetime, softAt, hardAt);
        entries.add(entry);
        return entry;
    }

    List<Entry> all() {
        return List.copyOf(entries);
    }

    /** The Child SA with which this side sends; null before the first and after the last. */
    Entry sender() {
        return sender;
    }

    void sender(Entry entry) {
        sender = entry;
    }

    /** Whether a Child SA came after the one with which this side sends; any one did when there is none. */
    boolean isYoungerThanSender(Entry entry) {
        return entry != sender && entries.indexOf(entry) > entries.indexOf(sender);
    }

    /** By the SPI under which the peer receives, which is how the peer names it. */
    Optional<Entry> named(int peerSpi) {
        return find(entry -> entry.state != State.GONE && entry.sa.outbound().spi() == peerSpi);
    }

    Optional<Entry> of(ChildSa sa) {
        return find(entry -> entry.sa == sa);
    }

    /** The youngest Child SA that can send. */
    Optional<Entry> youngestUsable() {
        return entries.reversed().stream().filter(Entry::isUsable).findFirst();
    }

    int usableCount() {
        return (int) entries.stream().filter(Entry::isUsable).count();
    }

    /** Whether this side is rekeying or closing one (§2.25.1). */
    boolean isBusy() {
        return find(entry -> entry.state == State.REKEYING || entry.state == State.DELETING).isPresent();
    }

    private Optional<Entry> find(Predicate<Entry> condition) {
        // A plain loop, as every packet comes by here.
        for (Entry entry : entries) {
            if (condition.test(entry)) {
                return Optional.of(entry);
            }
        }
        return Optional.empty();
    }

    /** Closed on both sides: from now on it only receives, for a while. */
    void gone(Entry entry, long now) {
        if (entry.state != State.GONE) {
            entry.state = State.GONE;
            entry.forgetAt = now + LINGER;
            if (sender == entry) {
                sender = null;
            }
        }
    }

    void forget(Entry entry) {
        entries.remove(entry);
    }

    long nextDeadline() {
        long next = Long.MAX_VALUE;
        for (Entry entry : entries) {
            next = Math.min(next, entry.deadline());
        }
        return next;
    }

    /** What is due of an entry. */
    enum Due {
        NOTHING,
        REKEY,
        EXPIRE,
        FORGET
    }

    static Due due(Entry entry, long now) {
        if (now < entry.deadline()) {
            return Due.NOTHING;
        }
        return switch (entry.state) {
            case GONE -> Due.FORGET;
            case ACTIVE -> now >= entry.hardAt ? Due.EXPIRE : Due.REKEY;
            case REKEYING, REPLACED -> Due.EXPIRE;
            case DELETING -> Due.NOTHING;
        };
    }
}
