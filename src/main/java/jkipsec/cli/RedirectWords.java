package jkipsec.cli;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import jkipsec.Redirector;
import jkipsec.ServerConfig;
import jkipsec.ike.RedirectTarget;

/**
 * Which devices go to another gateway (RFC 5685).
 *
 * @param all where every device goes, before anything is known of it
 * @param some where a device goes that has proved this identity
 */
record RedirectWords(Optional<RedirectTarget> all, Map<String, RedirectTarget> some) {
    static final Option ALL = Option.one("--redirect", "HOST", "Sends every device that can follow to another gateway"
            + " when it knocks: this one is under maintenance, say.");
    static final Option SOME = Option.many("--redirect-identity", "NAME=HOST", "Sends a device, or a user, to another"
            + " gateway once it has proved that it is NAME.");

    /**
     * Takes the arguments.
     *
     * @param arguments what was typed
     * @return who goes where
     * @throws UsageError when a target is neither a name nor an address
     */
    static RedirectWords of(Arguments arguments) throws UsageError {
        Optional<String> everybody = arguments.get(ALL.name());
        Map<String, RedirectTarget> some = new LinkedHashMap<>();
        for (String typed : arguments.all(SOME.name())) {
            int equals = typed.lastIndexOf('=');
            if (equals < 1) {
                throw new UsageError(SOME.name() + ": '" + typed + "' is not NAME=HOST; write for example"
                        + " alice=vpn2.example.com");
            }
            some.put(typed.substring(0, equals), target(SOME, typed.substring(equals + 1)));
        }
        return new RedirectWords(
                everybody.isPresent() ? Optional.of(target(ALL, everybody.get())) : Optional.empty(), Map.copyOf(some));
    }

    private static RedirectTarget target(Option option, String host) throws UsageError {
        try {
            return RedirectTarget.of(host);
        } catch (IllegalArgumentException neither) {
            throw new UsageError(option.name() + ": " + neither.getMessage() + ", or an IP address");
        }
    }

    /**
     * Sets what was typed.
     *
     * @param builder of the server's configuration
     */
    void apply(ServerConfig.Builder builder) {
        if (all.isPresent() || !some.isEmpty()) {
            builder.redirect(this::decide);
        }
    }

    private Optional<RedirectTarget> decide(Redirector.Device device) {
        return device.identity().map(name -> Optional.ofNullable(some.get(name))).orElse(all);
    }
}
