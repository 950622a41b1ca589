package jkipsec.ike;

import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;
import jkipsec.crypto.CipherSuite;
import jkipsec.crypto.KeyExchangeMethod;
import jkipsec.crypto.Prf;

/**
 * What this endpoint accepts and how patient it is. Immutable; the {@code with…} methods make changed copies.
 *
 * @param ikeProposals what may protect the IKE SA, the preferred first
 * @param espSuites suites for Child SAs, the preferred one first; what key exchanges they get of their own is among
 *        {@link #groups()}
 * @param retransmission how requests are repeated
 * @param limits bounds on what peers that did not yet authenticate can hold
 * @param fragmentation how messages are sent that are too large for the path
 * @param lifetimes when SAs are replaced
 * @param liveness when a silent peer is asked whether it lives
 * @param children how Child SAs are made
 */
public record IkePolicy(
        List<IkeProposal> ikeProposals,
        List<CipherSuite> espSuites,
        Retransmission retransmission,
        Limits limits,
        Fragmentation fragmentation,
        Lifetimes lifetimes,
        Liveness liveness,
        ChildPolicy children) {
    static final List<Prf> DEFAULT_PRFS = List.of(PskAuth.KEPT_WITH);

    /** Groups 31, 19 and 14. */
    static final List<KeyExchangeMethod> DEFAULT_GROUPS =
            List.of(KeyExchangeMethod.CURVE25519, KeyExchangeMethod.ECP_256, KeyExchangeMethod.MODP_2048);

    /** With ML-KEM-768 beside the group if the peer has it, else without (RFC 9370). */
    static final List<List<AdditionalKeyExchange>> DEFAULT_ADDITIONAL =
            List.of(List.of(AdditionalKeyExchange.of(1, KeyExchangeMethod.ML_KEM_768)), List.of());

    /** Checks that there is something to choose from, and copies the lists. */
    public IkePolicy {
        ikeProposals = List.copyOf(ikeProposals);
        espSuites = List.copyOf(espSuites);
        Objects.requireNonNull(children, "children");
        if (ikeProposals.isEmpty() || espSuites.isEmpty()) {
            throw new IllegalArgumentException("a policy needs at least one IKE proposal and one ESP suite");
        }
    }

    /**
     * When a request without an answer is sent again (RFC 7296 §2.1, §2.4).
     *
     * @param first the wait before the first repetition
     * @param factor how much longer each further wait is, from 1
     * @param longest the longest wait
     * @param transmissions how often a request is sent in all before the peer counts as unreachable, from 1
     */
    public record Retransmission(Duration first, double factor, Duration longest, int transmissions) {
        /** Checks the ranges. */
        public Retransmission {
            if (first.isNegative() || first.isZero() || longest.compareTo(first) < 0 || !(factor >= 1)
                    || transmissions < 1) {
                throw new IllegalArgumentException("retransmission needs 0 < first <= longest, factor >= 1 and at least"
                        + " one transmission, not " + first + ", " + longest + ", " + factor + ", " + transmissions);
            }
        }

        /**
         * The same with another number of transmissions.
         *
         * @param most how often a request is sent in all, from 1
         * @return a changed copy
         */
        public Retransmission withTransmissions(int most) {
            return new Retransmission(first, factor, longest, most);
        }

        /**
         * The wait after a transmission.
         *
         * @param sent how often the request was sent so far, from 1
         * @return nanoseconds
         */
        long waitAfter(int sent) {
            double wait = first.toNanos() * Math.pow(factor, sent - 1);
            return (long) Math.min(wait, longest.toNanos());
        }

        /** How long a request is repeated in all before it is given up, in nanoseconds. */
        long patience() {
            return IntStream.rangeClosed(1, transmissions).mapToLong(this::waitAfter).sum();
        }
    }

    /**
     * How many handshakes may be under way at once as responder, and when whoever begins one must first prove by a
     * cookie that it gets what is sent to its address (RFC 7296 §2.6, RFC 8019 §4).
     *
     * @param most how many there may be in all
     * @param perSource how many there may be from one IPv4 address or one IPv6 /64; from half of that on, that source
     *     must send cookies
     * @param cookieThreshold from how many on everyone must send cookies: 0 for always, more than {@code most} for
     *     never
     */
    public record HalfOpen(int most, int perSource, int cookieThreshold) {
        /** Checks the ranges. */
        public HalfOpen {
            if (most < 1 || perSource < 1 || cookieThreshold < 0) {
                throw new IllegalArgumentException("there must be room for handshakes: at most " + most
                        + ", from one source " + perSource + ", cookies from " + cookieThreshold);
            }
        }

        /**
         * A bound on the total alone.
         *
         * @param most how many there may be, all from one source if need be, none of them with a cookie
         * @return the bound
         */
        public static HalfOpen withoutCookies(int most) {
            return new HalfOpen(most, most, Integer.MAX_VALUE);
        }

        /**
         * Whether cookies are asked for at all.
         *
         * @return false when the threshold is out of reach
         */
        public boolean usesCookies() {
            return cookieThreshold <= most;
        }
    }

    /**
     * How many devices the application decides about at once, and for how long.
     *
     * @param time how long it may take to decide about one device, before the device is refused
     * @param atOnce how many it is asked about at the same time, from 1, those included that it was too slow about and
     *     has not returned from; further ones wait, and are forgotten without an answer when their time is over
     */
    public record Decisions(Duration time, int atOnce) {
        /** Checks the ranges. */
        public Decisions {
            if (time.isNegative() || time.isZero() || atOnce < 1) {
                throw new IllegalArgumentException(
                        "decisions need time and room for at least one, not " + time + " and " + atOnce);
            }
        }
    }

    /**
     * Bounds on handshakes (RFC 7296 §2.6, §2.21.4).
     *
     * @param halfOpen how many handshakes may be under way at once as responder
     * @param handshake how long a handshake may take before its state is dropped
     * @param decisions how many devices the application decides about at once, and for how long
     * @param unprotectedAnswers how many unprotected error answers are sent a second at the most
     * @param cookieAnswers how many answers that only ask for a cookie are sent a second at the most; they are never
     *     longer than the request, and a flood of forged requests must not use up those meant for honest devices
     */
    public record Limits(
            HalfOpen halfOpen, Duration handshake, Decisions decisions, int unprotectedAnswers, int cookieAnswers) {
        /** Checks the ranges. */
        public Limits {
            Objects.requireNonNull(halfOpen, "halfOpen");
            Objects.requireNonNull(decisions, "decisions");
            if (handshake.isNegative() || handshake.isZero() || unprotectedAnswers < 0 || cookieAnswers < 0) {
                throw new IllegalArgumentException("limits must be positive: handshake " + handshake
                        + ", answers " + unprotectedAnswers + " and "
                        + cookieAnswers);
            }
        }

        /**
         * The same bounds with another threshold for cookies.
         *
         * @param handshakes from how many handshakes under way on everyone must send cookies
         * @return a changed copy
         */
        public Limits withCookiesFrom(int handshakes) {
            var open = new HalfOpen(halfOpen.most(), halfOpen.perSource(), handshakes);
            return new Limits(open, handshake, decisions, unprotectedAnswers, cookieAnswers);
        }

        /**
         * The same bounds with others for the application.
         *
         * @param other how many devices it decides about at once, and for how long
         * @return a changed copy
         */
        public Limits withDecisions(Decisions other) {
            return new Limits(halfOpen, handshake, other, unprotectedAnswers, cookieAnswers);
        }
    }

    /**
     * Whether messages too large for the path are sent in fragments of IKE's own (RFC 7383), and what is taken of them.
     *
     * @param mode whether they are
     * @param datagram the largest IP datagram in octets that a message is sent in, headers included, from
     *     {@value #LEAST_DATAGRAM}; on an IPv4 path that gives no answer, requests go on in datagrams of 576 octets
     * @param mostFragments how many fragments of one message are taken, 1 to 65,535
     * @param mostOctets how many octets all fragments of one message may hold together, from 1; RFC 7383 §5 advises
     *     against more than 65,536
     */
    public record Fragmentation(Mode mode, int datagram, int mostFragments, int mostOctets) {
        /** The smallest size of a datagram that can be asked for; less leaves no room for contents. */
        public static final int LEAST_DATAGRAM = 256;

        /** Whether IKE fragmentation is used. */
        public enum Mode {
            /** Neither offered nor accepted. */
            OFF,
            /** Offered and accepted, and used for messages that are too large for one datagram. */
            SUPPORTED,
            /** Used for small messages too, all but INFORMATIONAL, when the peer accepts it: to try out peers. */
            FORCED
        }

        /** Checks the ranges. */
        public Fragmentation {
            Objects.requireNonNull(mode, "mode");
            if (datagram < LEAST_DATAGRAM || mostFragments < 1 || mostFragments > 0xffff || mostOctets < 1) {
                throw new IllegalArgumentException("fragmentation needs datagrams of at least " + LEAST_DATAGRAM
                        + " octets, 1 to 65,535 fragments and room for them, not " + datagram + ", " + mostFragments
                        + ", " + mostOctets);
            }
        }

        /**
         * The same with another mode.
         *
         * @param other whether fragments are used
         * @return a changed copy
         */
        public Fragmentation withMode(Mode other) {
            return new Fragmentation(other, datagram, mostFragments, mostOctets);
        }

        /**
         * The same with another size.
         *
         * @param octets the largest IP datagram that a message is sent in
         * @return a changed copy
         */
        public Fragmentation withDatagram(int octets) {
            return new Fragmentation(mode, octets, mostFragments, mostOctets);
        }
    }

    /**
     * When SAs are replaced.
     *
     * @param ike the lifetime of the IKE SA
     * @param child the lifetime of a Child SA
     */
    public record Lifetimes(Lifetime ike, Lifetime child) {
        /** Checks that both are there. */
        public Lifetimes {
            Objects.requireNonNull(ike, "ike");
            Objects.requireNonNull(child, "child");
        }
    }

    /**
     * Checks that pre-shared keys prove something whatever is negotiated. They are kept as
     * HMAC-SHA-256(PSK, "Key Pad for IKEv2") (RFC 7296 §2.15), which is of no use with another PRF; certificates and
     * passwords go with every PRF.
     *
     * @throws IllegalArgumentException when a proposal has a PRF other than HMAC-SHA-256
     */
    public void requireUsableSharedKeys() {
        for (IkeProposal proposal : ikeProposals) {
            if (!proposal.prfs().equals(DEFAULT_PRFS)) {
                throw new IllegalArgumentException("pre-shared keys are kept for the PRF HMAC_SHA2_256 and prove nothing"
                        + " with " + proposal.prfs() + " of the IKE proposal with " + proposal.suite()
                        + "; name prfsha256 as its only PRF");
            }
        }
    }

    /**
     * The suites for IKE SAs.
     *
     * @return each once, the preferred one first
     */
    public List<CipherSuite> ikeSuites() {
        return ikeProposals.stream().map(IkeProposal::suite).distinct().toList();
    }

    /**
     * The pseudo-random functions of all proposals.
     *
     * @return each once, the preferred one first
     */
    public List<Prf> prfs() {
        return ikeProposals.stream().flatMap(proposal -> proposal.prfs().stream()).distinct().toList();
    }

    /**
     * The key exchange methods of all proposals, which Child SAs take as well. An initiator begins with the first.
     *
     * @return each once, the preferred one first
     */
    public List<KeyExchangeMethod> groups() {
        return ikeProposals.stream().flatMap(proposal -> proposal.groups().stream()).distinct().toList();
    }

    /**
     * The additional key exchanges of all proposals, which Child SAs take as well.
     *
     * @return each set once, the preferred one first; an empty one for proposals without
     */
    public List<List<AdditionalKeyExchange>> additional() {
        return ikeProposals.stream().map(IkeProposal::additional).distinct().toList();
    }

    /** Whether any proposal has an additional key exchange. */
    boolean usesIntermediate() {
        return ikeProposals.stream().anyMatch(proposal -> !proposal.additional().isEmpty());
    }

    /**
     * The default: AES-256-GCM before AES-256-CBC with HMAC-SHA-256, for IKE and ESP; the PRF HMAC-SHA-256, with which
     * pre-shared keys are kept; group 31 before group 19 before group 14, which is the default of Apple's profiles, with
     * ML-KEM-768 as additional key exchange if the peer has it; six transmissions over about 40 s; cookies from 64
     * handshakes under way; IKE fragments for what exceeds the least MTU of IPv6; a new Child SA every hour, a new IKE
     * SA every four.
     *
     * @return the policy
     */
    public static IkePolicy defaults() {
        List<CipherSuite> suites = List.of(CipherSuite.AES_GCM_16_256, CipherSuite.AES_CBC_256_HMAC_SHA2_256_128);
        return new IkePolicy(
                proposals(suites, DEFAULT_PRFS, DEFAULT_GROUPS, DEFAULT_ADDITIONAL),
                suites,
                new Retransmission(Duration.ofSeconds(1), 1.8, Duration.ofSeconds(20), 6),
                new Limits(
                        new HalfOpen(1_024, 64, 64), Duration.ofSeconds(30),
                        new Decisions(Duration.ofSeconds(20), 256), 200, 10_000),
                new Fragmentation(Fragmentation.Mode.SUPPORTED, 1_280, 128, 32_768),
                new Lifetimes(Lifetime.of(Duration.ofHours(4)), Lifetime.of(Duration.ofHours(1))),
                Liveness.defaults(),
                ChildPolicy.defaults());
    }

    /**
     * The same policy with other suites, for IKE and ESP alike; each IKE suite with all PRFs and key exchange methods.
     *
     * @param suites the suites, the preferred one first
     * @return a changed copy
     */
    public IkePolicy withSuites(List<CipherSuite> suites) {
        return with(proposals(suites, prfs(), groups(), additional()), suites);
    }

    /**
     * The same policy with other proposals for IKE SAs.
     *
     * @param proposals the proposals, the preferred one first
     * @return a changed copy
     */
    public IkePolicy withIkeProposals(List<IkeProposal> proposals) {
        return with(proposals, espSuites);
    }

    /**
     * The same policy with other suites for Child SAs alone.
     *
     * @param suites the suites, the preferred one first
     * @return a changed copy
     */
    public IkePolicy withEspSuites(List<CipherSuite> suites) {
        return with(ikeProposals, suites);
    }

    /**
     * The same policy with other pseudo-random functions.
     *
     * @param functions the functions, the preferred one first; pre-shared keys work with HMAC-SHA-256 alone
     * @return a changed copy
     */
    public IkePolicy withPrfs(List<Prf> functions) {
        return with(proposals(ikeSuites(), functions, groups(), additional()), espSuites);
    }

    /**
     * The same policy with other key exchange methods.
     *
     * @param methods the methods, the preferred one first
     * @return a changed copy
     */
    public IkePolicy withGroups(List<KeyExchangeMethod> methods) {
        return with(proposals(ikeSuites(), prfs(), methods, additional()), espSuites);
    }

    /**
     * The same policy with other additional key exchanges (RFC 9370).
     *
     * @param choices sets of them, the preferred one first; an empty set stands for none, and a list without an empty
     *        set demands that there is one
     * @return a changed copy
     */
    public IkePolicy withAdditional(List<List<AdditionalKeyExchange>> choices) {
        return with(proposals(ikeSuites(), prfs(), groups(), choices), espSuites);
    }

    /**
     * The same policy with another patience.
     *
     * @param other when requests are sent again
     * @return a changed copy
     */
    public IkePolicy withRetransmission(Retransmission other) {
        return new IkePolicy(ikeProposals, espSuites, other, limits, fragmentation, lifetimes, liveness, children);
    }

    /**
     * The same policy with other bounds.
     *
     * @param other the bounds on handshakes
     * @return a changed copy
     */
    public IkePolicy withLimits(Limits other) {
        return new IkePolicy(ikeProposals, espSuites, retransmission, other, fragmentation, lifetimes, liveness, children);
    }

    /**
     * The same policy with another treatment of large messages.
     *
     * @param other how messages are sent that are too large for the path
     * @return a changed copy
     */
    public IkePolicy withFragmentation(Fragmentation other) {
        return new IkePolicy(ikeProposals, espSuites, retransmission, limits, other, lifetimes, liveness, children);
    }

    /**
     * The same policy with other lifetimes.
     *
     * @param other when SAs are replaced
     * @return a changed copy
     */
    public IkePolicy withLifetimes(Lifetimes other) {
        return new IkePolicy(ikeProposals, espSuites, retransmission, limits, fragmentation, other, liveness, children);
    }

    /**
     * The same policy with other Child SAs.
     *
     * @param other how Child SAs are made
     * @return a changed copy
     */
    public IkePolicy withChildren(ChildPolicy other) {
        return new IkePolicy(ikeProposals, espSuites, retransmission, limits, fragmentation, lifetimes, liveness, other);
    }

    /**
     * The same policy with another patience with silent peers.
     *
     * @param other when a silent peer is asked whether it lives
     * @return a changed copy
     */
    public IkePolicy withLiveness(Liveness other) {
        return new IkePolicy(
                ikeProposals, espSuites, retransmission, limits, fragmentation, lifetimes, other, children);
    }

    private static List<IkeProposal> proposals(
            List<CipherSuite> suites,
            List<Prf> functions,
            List<KeyExchangeMethod> methods,
            List<List<AdditionalKeyExchange>> additional) {
        return additional.stream()
                .flatMap(choice -> suites.stream().map(suite -> new IkeProposal(suite, functions, methods, choice)))
                .toList();
    }

    private IkePolicy with(List<IkeProposal> ike, List<CipherSuite> esp) {
        return new IkePolicy(ike, esp, retransmission, limits, fragmentation, lifetimes, liveness, children);
    }
}
