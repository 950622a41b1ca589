package jkipsec.ike;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import jkipsec.ike.message.DeletePayload;
import jkipsec.ike.message.ExchangeType;
import jkipsec.ike.message.Payload;

/**
 * Looks after the Child SAs of an IKE SA: which one sends, when one is replaced, and how one ends (RFC 7296 §2.8,
 * §1.4.1). State is in {@link ChildSas} alone.
 */
final class ChildKeeper {
    /** How long to wait before an operation that the peer could not do is tried again, at the least (§2.25). */
    private static final long RETRY = 5_000_000_000L;

    private ChildKeeper() {}

    /** Takes a new Child SA: from now on it receives. */
    static ChildSas.Entry install(IkeSa sa, ChildSa child, long now) {
        Lifetime lifetime = sa.settings().policy().lifetimes().child()
                .forSequenceNumbers(child.algorithms().extended());
        ChildSas.Entry entry = sa.children().add(
                child, lifetime, lifetime.softDeadline(now, sa.settings().random()), lifetime.hardDeadline(now));
        sa.host().childAdded(sa, child);
        return entry;
    }

    /** From now on this one sends. */
    static void send(IkeSa sa, ChildSas.Entry entry) {
        if (sa.children().sender() != entry) {
            sa.children().sender(entry);
            sa.host().childSends(sa, entry.sa());
        }
    }

    /**
     * A packet came in over a Child SA. When that is younger than the one that sends, its initiator has it, so that we
     * may send with it too (§2.8).
     */
    static void heard(IkeSa sa, ChildSa child, long now) {
        Optional<ChildSas.Entry> found = sa.children().of(child);
        if (found.isEmpty()) {
            return;
        }
        ChildSas.Entry entry = found.get();
        if (entry.isUsable() && sa.children().isYoungerThanSender(entry)) {
            send(sa, entry);
        }
        checkVolume(sa, entry, now);
    }

    /** A packet goes out over the Child SA that sends. */
    static void sent(IkeSa sa, int octets, long now) {
        ChildSas.Entry entry = sa.children().sender();
        if (entry != null) {
            entry.sent(octets);
            checkVolume(sa, entry, now);
        }
    }

    private static void checkVolume(IkeSa sa, ChildSas.Entry entry, long now) {
        if (entry.isUsable() && entry.exceeds(entry.lifetime().hardVolume())) {
            expire(sa, entry, now);
            // Nothing else may follow that would send the DELETE: no message of the peer's, no timer.
            sa.pump(now);
            sa.host().rescheduled(sa);
        } else if (entry.state() == ChildSas.State.ACTIVE && entry.exceeds(entry.lifetime().softVolume())) {
            rekey(sa, entry, now);
        }
    }

    static void rekey(IkeSa sa, ChildSas.Entry entry, long now) {
        // What is being answered may be the request for another IKE SA, which is to take over the Child SAs.
        boolean answering = sa.exchanges().responses().isAnswering();
        if (sa.state() == IkeSa.State.ESTABLISHED && sa.isCurrent() && !sa.succession().isRekeying() && !answering) {
            ChildRekey.start(sa, entry, now);
        } else {
            retryLater(sa, entry, now);
        }
    }

    static void retryLater(IkeSa sa, ChildSas.Entry entry, long now) {
        entry.retryAt(retryTime(sa, now));
    }

    /** A while from now, a different while on each side. */
    static long retryTime(IkeSa sa, long now) {
        return now + RETRY + Math.floorMod(sa.settings().random().nextLong(), RETRY);
    }

    private static void expire(IkeSa sa, ChildSas.Entry entry, long now) {
        if (sa.children().usableCount() > 1) {
            close(sa, entry, now);
        } else {
            sa.life().terminate(new TerminationCause.Expired("a new Child SA"), now);
        }
    }

    /** Closes one, and tells the peer by DELETE. */
    static void close(IkeSa sa, ChildSas.Entry entry, long now) {
        entry.state(ChildSas.State.DELETING);
        if (sa.children().sender() == entry) {
            sa.children().youngestUsable().ifPresent(other -> send(sa, other));
        }
        requestDelete(sa, entry);
    }

    private static void requestDelete(IkeSa sa, ChildSas.Entry entry) {
        List<Payload> delete = List.of(DeletePayload.esp(entry.sa().inbound().spi()));
        sa.exchanges().requests().add(new RequestQueue.Request(
                "DELETE of a Child SA",
                (id, when) -> entry.state() == ChildSas.State.DELETING
                        ? sa.exchanges().seal(ExchangeType.INFORMATIONAL, false, id, delete)
                        : null,
                (payloads, now) -> sa.children().gone(entry, now)));
    }

    /** After the IKE SA was replaced: what its predecessor had still to say is said by it. */
    static void resume(IkeSa sa, long now) {
        for (ChildSas.Entry entry : sa.children().all()) {
            if (entry.state() == ChildSas.State.DELETING) {
                requestDelete(sa, entry);
            } else if (entry.state() == ChildSas.State.REKEYING) {
                retryLater(sa, entry, now);
            }
        }
    }

    /** The peer closes one; returns whether this side still had it, and so names it in its answer (§2.25.1). */
    static boolean closedByPeer(IkeSa sa, ChildSas.Entry entry, long now) {
        boolean weCloseItToo = entry.state() == ChildSas.State.DELETING;
        boolean sending = sa.children().sender() == entry;
        sa.children().gone(entry, now);
        if (sending) {
            sa.children().youngestUsable().ifPresent(other -> send(sa, other));
        }
        return !weCloseItToo;
    }

    static void tick(IkeSa sa, long now) {
        for (ChildSas.Entry entry : sa.children().all()) {
            switch (ChildSas.due(entry, now)) {
                case NOTHING -> {}
                case REKEY -> rekey(sa, entry, now);
                case EXPIRE -> expire(sa, entry, now);
                case FORGET -> {
                    sa.children().forget(entry);
                    sa.host().childRemoved(sa, entry.sa());
                }
            }
        }
    }

    /** The lower of two nonces, octet by octet; at the end of one, that is the lower (§2.8.1). */
    static byte[] lower(byte[] first, byte[] second) {
        return Arrays.compareUnsigned(first, second) <= 0 ? first : second;
    }
}
