package jkipsec.cli;

import java.time.Duration;
import java.util.Optional;
import jkipsec.ServerConfig;

/**
 * What seldom needs to be other than it is.
 *
 * @param ikeLifetime how long the keys of an IKE SA are used
 * @param childLifetime how long the keys of a Child SA are used
 * @param cookieThreshold from how many handshakes under way on cookies are asked for
 * @param proposals what is accepted, when it is not what the suites say
 */
record Tuning(Optional<Duration> ikeLifetime, Optional<Duration> childLifetime, Optional<Integer> cookieThreshold,
        ProposalWords proposals) {
    static final Option IKE_LIFETIME = Option.one("--ike-lifetime", "SECONDS", "How long the keys of an IKE SA are used"
            + " before they are replaced. Default: 14400.");
    static final Option CHILD_LIFETIME = Option.one("--child-lifetime", "SECONDS", "How long the keys for packets are"
            + " used before they are replaced. Default: 3600.");
    static final Option COOKIE_THRESHOLD = Option.one("--cookie-threshold", "NUMBER", "From how many handshakes under"
            + " way on devices must send back a cookie first; 0 for always. Default: 64.");

    private static final int YEAR = 365 * 24 * 3600;

    /**
     * Takes the arguments.
     *
     * @param arguments what was typed
     * @return the settings
     * @throws UsageError when one cannot be used
     */
    static Tuning of(Arguments arguments) throws UsageError {
        Optional<String> threshold = arguments.get(COOKIE_THRESHOLD.name());
        return new Tuning(lifetime(IKE_LIFETIME, arguments), lifetime(CHILD_LIFETIME, arguments),
                threshold.isEmpty() ? Optional.empty() : Optional.of(Values.number(COOKIE_THRESHOLD.name(),
                        threshold.get(), 0, Integer.MAX_VALUE, "a number of handshakes")),
                ProposalWords.of(arguments));
    }

    private static Optional<Duration> lifetime(Option option, Arguments arguments) throws UsageError {
        Optional<String> typed = arguments.get(option.name());
        return typed.isEmpty() ? Optional.empty() : Optional.of(Duration.ofSeconds(
                Values.number(option.name(), typed.get(), 1, YEAR, "a number of seconds")));
    }

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
        proposals.apply(builder);
    }
}
