package jkipsec.ike;

import java.time.Duration;

/** Why a tunnel ended, or never came up, as a value; exceptions are made from it at the library's edge. */
public sealed interface TerminationCause {
    /**
     * Says it in words, for people.
     *
     * @return a phrase without a full stop
     */
    String describe();

    /** This program closed the tunnel. */
    record ClosedLocally() implements TerminationCause {
        @Override
        public String describe() {
            return "closed by this program";
        }
    }

    /** The peer sent DELETE (RFC 7296 §1.4.1). */
    record DeletedByPeer() implements TerminationCause {
        @Override
        public String describe() {
            return "deleted by the peer";
        }
    }

    /**
     * The peer stopped answering (RFC 7296 §2.4).
     *
     * @param exchange what it did not answer
     * @param transmissions how often that was sent
     */
    record PeerUnreachable(String exchange, int transmissions) implements TerminationCause {
        @Override
        public String describe() {
            return "no answer to " + exchange + " after " + transmissions + " transmissions";
        }
    }

    /**
     * One side could not prove who it is (RFC 7296 §2.15, §2.21.2).
     *
     * @param why what failed, never with key material
     */
    record AuthenticationFailed(String why) implements TerminationCause {
        @Override
        public String describe() {
            return "authentication failed: " + why;
        }
    }

    /**
     * The two sides' policies have nothing in common, or an address could not be had.
     *
     * @param error the name of the notification that says so, such as {@code NO_PROPOSAL_CHOSEN}
     * @param why more about it
     */
    record NegotiationFailed(String error, String why) implements TerminationCause {
        @Override
        public String describe() {
            return error + ": " + why;
        }
    }

    /**
     * The peer broke the protocol.
     *
     * @param why what it did
     */
    record ProtocolError(String why) implements TerminationCause {
        @Override
        public String describe() {
            return "protocol error: " + why;
        }
    }

    /**
     * A handshake did not come to its end in time.
     *
     * @param phase what was waited for
     */
    record Expired(String phase) implements TerminationCause {
        @Override
        public String describe() {
            return "gave up waiting for " + phase;
        }
    }

    /**
     * Nothing passed inside the tunnel for as long as policy allows.
     *
     * @param limit how long that is
     */
    record Idle(Duration limit) implements TerminationCause {
        @Override
        public String describe() {
            return "unused for " + limit.toSeconds() + " s";
        }
    }

    /**
     * The gateway sent the device elsewhere (RFC 5685).
     *
     * @param target where to
     */
    record Redirected(RedirectTarget target) implements TerminationCause {
        @Override
        public String describe() {
            return "redirected to " + target;
        }
    }

    /** The same identity logged in again, and took this tunnel's place. */
    record Superseded() implements TerminationCause {
        @Override
        public String describe() {
            return "replaced by a new login of the same identity";
        }
    }
}
