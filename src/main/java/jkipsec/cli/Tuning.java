package jkipsec.cli;

import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import jkipsec.ClientConfig;
import jkipsec.ServerConfig;
import jkipsec.ike.ChildPolicy.Pfs;

/**
 * What seldom needs to be other than it is, of a server or a client.
 *
 * @param ikeLifetime how long the keys of an IKE SA are used
 * @param childLifetime how long the keys of a Child SA are used
 * @param cookieThreshold from how many handshakes under way on cookies are asked for; of a server only
 * @param sizes how large what is sent may be
 * @param liveness when the other side counts as gone
 * @param pfs whether rekeyed Child SAs get a key exchange of their own
 * @param proposals what is accepted, when it is not what the suites say
 */
record Tuning(Optional<Duration> ikeLifetime, Optional<Duration> childLifetime, Optional<Integer> cookieThreshold,
        Sizes sizes, Liveness liveness, Optional<Pfs> pfs, ProposalWords proposals) {
    static final Option IKE_LIFETIME = Option.one("--ike-lifetime", "SECONDS", "How long the keys of an IKE SA are used"
            + " before they are replaced. Default: 14400.");
    static final Option CHILD_LIFETIME = Option.one("--child-lifetime", "SECONDS", "How long the keys for packets are"
            + " used before they are replaced. Default: 3600.");
    static final Option COOKIE_THRESHOLD = Option.one("--cookie-threshold", "NUMBER", "From how many handshakes under"
            + " way on devices must send back a cookie first; 0 for always. Default: 64.");

    static final Option FRAGMENT_SIZE = Option.one("--fragment-size", "OCTETS", "The largest datagram for a whole IKE"
            + " message; larger ones go in fragments. Default: 1280.");
    static final Option OUTER_MTU = Option.one("--outer-mtu", "OCTETS", "The largest IP packet that the way to the other"
            + " side carries whole; the packets inside are made to fit. Default: 1500.");
    static final Option INNER_MTU = Option.one("--inner-mtu", "OCTETS", "The largest packet inside the tunnel, even where"
            + " a larger one would fit. Default: 1400.");
    static final Option PROBE_AFTER = Option.one("--probe-after", "SECONDS", "How long nothing may be heard of the"
            + " other side before it is asked whether it is still there. Default: 120.");
    static final Option TRANSMISSIONS = Option.one("--transmissions", "NUMBER", "How often a request is sent before the"
            + " other side, when it does not answer, counts as gone; 6 take 41 s, 3 take 6 s. Default: 6.");
    static final Option IDLE_LIMIT = Option.one("--idle-limit", "SECONDS", "Ends a tunnel through which no packet has"
            + " passed for this long. Default: none.");

    static final Option PFS = Option.one("--pfs", "WORD", "Whether the keys for packets get a key exchange of their own"
            + " when they are replaced: accepted, when the other side asks; wanted, when this one asks too; required."
            + " Default: accepted.");

    private static final int YEAR = 365 * 24 * 3600;

    /**
     * Takes the arguments.
     *
     * @param arguments what was typed
     * @return the settings
     * @throws UsageError when one cannot be used
     */
    static Tuning of(Arguments arguments) throws UsageError {
        return new Tuning(
                number(IKE_LIFETIME, arguments, 1, YEAR).map(Duration::ofSeconds),
                number(CHILD_LIFETIME, arguments, 1, YEAR).map(Duration::ofSeconds),
                number(COOKIE_THRESHOLD, arguments, 0, Integer.MAX_VALUE),
                new Sizes(number(FRAGMENT_SIZE, arguments, 256, 0xffff), number(OUTER_MTU, arguments, 576, 0xffff),
                        number(INNER_MTU, arguments, 576, 0xffff)),
                new Liveness(
                        number(PROBE_AFTER, arguments, 1, YEAR).map(Duration::ofSeconds),
                        number(TRANSMISSIONS, arguments, 1, 100),
                        number(IDLE_LIMIT, arguments, 1, YEAR).map(Duration::ofSeconds)),
                pfs(arguments),
                ProposalWords.of(arguments));
    }

    private static Optional<Pfs> pfs(Arguments arguments) throws UsageError {
        Optional<String> typed = arguments.get(PFS.name());
        if (typed.isEmpty()) {
            return Optional.empty();
        }
        for (Pfs pfs : Pfs.values()) {
            if (pfs.name().toLowerCase(Locale.ROOT).equals(typed.get())) {
                return Optional.of(pfs);
            }
        }
        throw new UsageError(PFS.name() + ": '" + typed.get() + "' is none of accepted, wanted and required");
    }

    private static Optional<Integer> number(Option option, Arguments arguments, int min, int max) throws UsageError {
        Optional<String> typed = arguments.get(option.name());
        return typed.isEmpty() ? Optional.empty()
                : Optional.of(Values.number(option.name(), typed.get(), min, max, "a number that fits"));
    }

    /**
     * How large what is sent may be.
     *
     * @param fragment the largest datagram for a whole IKE message
     * @param outer the largest packet outside the tunnel
     * @param inner the largest packet inside
     */
    record Sizes(Optional<Integer> fragment, Optional<Integer> outer, Optional<Integer> inner) {}

    /**
     * When the other side counts as gone.
     *
     * @param probeAfter how long nothing may be heard before it is asked
     * @param transmissions how often it is asked
     * @param idleLimit how long no packet may pass
     */
    record Liveness(Optional<Duration> probeAfter, Optional<Integer> transmissions, Optional<Duration> idleLimit) {}

    /**
     * Sets what was typed.
     *
     * @param builder of the server's configuration
     * @throws IllegalArgumentException when a proposal is not understood
     */
    void apply(ServerConfig.Builder builder) {
        ikeLifetime.ifPresent(builder::ikeLifetime);
        childLifetime.ifPresent(builder::childLifetime);
        cookieThreshold.ifPresent(builder::cookieThreshold);
        sizes.fragment().ifPresent(builder::fragmentSize);
        sizes.outer().ifPresent(builder::outerMtu);
        sizes.inner().ifPresent(builder::innerMtu);
        liveness.probeAfter().ifPresent(builder::probeAfter);
        liveness.transmissions().ifPresent(builder::transmissions);
        liveness.idleLimit().ifPresent(builder::idleLimit);
        pfs.ifPresent(builder::pfs);
        proposals.apply(builder);
    }

    /**
     * Sets what was typed.
     *
     * @param builder of the client's configuration
     * @throws IllegalArgumentException when a proposal is not understood
     */
    void apply(ClientConfig.Builder builder) {
        ikeLifetime.ifPresent(builder::ikeLifetime);
        childLifetime.ifPresent(builder::childLifetime);
        sizes.fragment().ifPresent(builder::fragmentSize);
        sizes.outer().ifPresent(builder::outerMtu);
        sizes.inner().ifPresent(builder::innerMtu);
        liveness.probeAfter().ifPresent(builder::probeAfter);
        liveness.transmissions().ifPresent(builder::transmissions);
        liveness.idleLimit().ifPresent(builder::idleLimit);
        pfs.ifPresent(builder::pfs);
        proposals.apply(builder);
    }
}
