package jkipsec.ike;

import java.util.List;
import java.util.Objects;

/**
 * How Child SAs are made, apart from their suites (RFC 7296 §1.3, §3.3.2).
 *
 * @param pfs whether Child SAs get a key exchange of their own when they are rekeyed
 * @param sequenceNumbers how long their sequence numbers may be
 */
public record ChildPolicy(Pfs pfs, SequenceNumbers sequenceNumbers) {
    /**
     * Perfect forward secrecy: a key exchange of its own for each Child SA, so that who learns the keys of the IKE SA
     * learns nothing about what went before. The first Child SA, made in IKE_AUTH, never has one (§1.2), and is not
     * refused for that: it has the key exchange of the IKE SA, which is as new as itself.
     */
    public enum Pfs {
        /** A peer's wish is met; this side does not ask for one. */
        ACCEPTED,
        /** This side asks for one when it rekeys; a peer that rekeys without one is not refused. */
        WANTED,
        /** This side asks for one, and refuses to make a Child SA by CREATE_CHILD_SA without. */
        REQUIRED
    }

    /**
     * The length of sequence numbers (RFC 4303 §2.2.1, RFC 7296 §3.3.2). A Child SA with numbers of 32 bits is rekeyed
     * at three quarters of them; those of 64 bits do not run out.
     */
    public enum SequenceNumbers {
        /** 32 bits only. */
        SHORT(false),
        /** Whatever the peer prefers; this side offers 64 bits before 32. */
        EITHER(true, false),
        /** 64 bits only; few devices accept that. */
        EXTENDED(true);

        private final List<Boolean> extended;

        SequenceNumbers(Boolean... extended) {
            this.extended = List.of(extended);
        }

        /** Whether numbers are extended, for each choice, the preferred first. */
        List<Boolean> choices() {
            return extended;
        }
    }

    /** Checks that both are there. */
    public ChildPolicy {
        Objects.requireNonNull(pfs, "pfs");
        Objects.requireNonNull(sequenceNumbers, "sequenceNumbers");
    }

    /**
     * Meets a peer's wish for a key exchange of its own, and for sequence numbers of either length.
     *
     * @return the policy
     */
    public static ChildPolicy defaults() {
        return new ChildPolicy(Pfs.ACCEPTED, SequenceNumbers.EITHER);
    }

    /**
     * The same policy with another answer to perfect forward secrecy.
     *
     * @param other whether Child SAs get a key exchange of their own
     * @return a changed copy
     */
    public ChildPolicy withPfs(Pfs other) {
        return new ChildPolicy(other, sequenceNumbers);
    }

    /**
     * The same policy with other sequence numbers.
     *
     * @param other how long they may be
     * @return a changed copy
     */
    public ChildPolicy withSequenceNumbers(SequenceNumbers other) {
        return new ChildPolicy(pfs, other);
    }
}
