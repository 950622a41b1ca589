package jkipsec.ike;

import jkipsec.ike.IkeSa.State;
import jkipsec.ike.message.NotifyType;

/**
 * An IKE SA's way from its handshake to its being forgotten, and the ways in which it ends: with or without a word to the
 * peer (RFC 7296 §1.4.1, §2.21). Confined to the thread that owns the IKE SA.
 */
final class Lifecycle {
    /** How long an ended SA still repeats its last answer for a peer that did not get it. */
    private static final long LINGER = 10_000_000_000L;

    private final IkeSa sa;
    private State state = State.HANDSHAKE;
    private long expiry = Long.MAX_VALUE;

    /** How it began; null when it was made by rekeying another. */
    private Handshake handshake;

    Lifecycle(IkeSa sa) {
        this.sa = sa;
    }

    /** It has a handshake. */
    void begin(Handshake begun) {
        handshake = begun;
    }

    Handshake handshake() {
        return handshake;
    }

    State state() {
        return state;
    }

    /** When {@link #expire} is to be called. */
    long expiry() {
        return expiry;
    }

    void expireAt(long deadline) {
        expiry = deadline;
    }

    /** The time for the handshake, or for repeating the last answer, is up. */
    void expire(long now) {
        if (state == State.HANDSHAKE) {
            expiry = Long.MAX_VALUE;
            handshake.expired(now);
        } else {
            release();
        }
    }

    /** Both sides are authenticated. */
    void established() {
        state = State.ESTABLISHED;
        expiry = Long.MAX_VALUE;
        handshakeDone();
    }

    /** Both sides are authenticated, and {@link #terminate} follows. */
    void establishedChildless() {
        state = State.ESTABLISHED;
    }

    private void handshakeDone() {
        if (handshake != null) {
            handshake.destroy();
        }
    }

    /** This side wants it no more. */
    void close(long now) {
        Exchanges exchanges = sa.exchanges();
        if (state == State.HANDSHAKE && exchanges.initiator() && exchanges.isProtected()) {
            // The gateway may be about to let us in: its answer to IKE_AUTH is awaited, and then deleted.
            state = State.ENDED;
            sa.host().ended(sa, new TerminationCause.ClosedLocally());
        } else if (state == State.HANDSHAKE) {
            exchanges.requests().clear();
            end(new TerminationCause.ClosedLocally(), now);
            release();
        } else {
            terminate(new TerminationCause.ClosedLocally(), now);
            sa.pump(now);
        }
    }

    /** INVALID_SYNTAX is fatal on both sides, without a DELETE (RFC 7296 §2.21.3). */
    void invalidSyntax(String why, long now) {
        if (!sa.exchanges().isProtected()) {
            // It ended while what the peer sent was being worked on.
            return;
        }
        sa.exchanges().respond(NotifyType.INVALID_SYNTAX);
        end(new TerminationCause.ProtocolError(why), now);
    }

    /** Ends an IKE SA that the peer believes in: DELETE is sent. */
    void terminate(TerminationCause cause, long now) {
        // One that the peer has made to replace this one, and that governs nothing yet, is not left to it.
        sa.succession().peerReplacement().ifPresent(made -> made.sa().supersede(cause, now));
        if (state == State.ESTABLISHED || state == State.HANDSHAKE) {
            if (sa.exchanges().isProtected() && !sa.succession().isAgreeing()) {
                sa.exchanges().requests().add(Informational.deleteIkeSa(sa));
            }
            end(cause, now);
        } else if (state == State.ENDED) {
            lingerUnlessAsking(now);
        }
    }

    /** Ends an IKE SA whose peer knows, or will never know. */
    void end(TerminationCause cause, long now) {
        if (state == State.ENDED) {
            lingerUnlessAsking(now);
        }
        if (state == State.ENDED || state == State.RELEASED) {
            return;
        }
        state = State.ENDED;
        sa.succession().stop();
        sa.followUps().clear(now);
        handshakeDone();
        lingerUnlessAsking(now);
        if (sa.isCurrent()) {
            sa.removeChildren();
            sa.host().ended(sa, cause);
        }
    }

    /** With nothing outstanding only the last answer is repeated, for which no key is needed. */
    private void lingerUnlessAsking(long now) {
        boolean asking = sa.awaitsAnswer();
        expiry = asking ? Long.MAX_VALUE : now + LINGER;
        if (!asking) {
            sa.exchanges().destroyKeys();
        }
    }

    /** Forgets everything. */
    void release() {
        if (state != State.RELEASED) {
            state = State.RELEASED;
            expiry = Long.MAX_VALUE;
            sa.exchanges().requests().clear();
            handshakeDone();
            sa.exchanges().destroyKeys();
            sa.host().released(sa);
        }
    }
}
