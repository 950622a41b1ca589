package jkipsec.cli;

import java.util.List;
import java.util.Optional;
import jkipsec.ServerConfig;
import jkipsec.Suite;

/**
 * What the commands that accept devices are told.
 *
 * @param binds where to listen
 * @param publicAddress the address at which devices reach it, when that is not the bound one
 * @param identity what devices have as their Remote ID
 * @param pool the addresses inside the tunnels
 * @param inner what else devices find there
 * @param dns DNS servers for the devices
 * @param suites what is accepted, the preferred one first
 * @param admittance who may come in
 * @param ppk a post-quantum pre-shared key
 * @param tuning what seldom needs to be set
 */
record ServerOptions(Binds binds, Optional<String> publicAddress, String identity, String pool, InnerWords inner,
        List<String> dns, List<Suite> suites, Admittance admittance, PpkWords ppk, Tuning tuning) {
    static final String DEFAULT_IDENTITY = "vpn.example.com";
    static final String DEFAULT_POOL = "10.8.0.0/24";

    static final Option PUBLIC_ADDRESS = Option.one("--public-address", "ADDRESS", "The address at which devices reach"
            + " this machine, when a router in front of it has another. Also JKIPSEC_PUBLIC_IP.");
    static final Option IDENTITY = Option.one("--identity", "NAME", "Who this gateway is: the Remote ID set on the"
            + " devices. Default: " + DEFAULT_IDENTITY + ".");
    static final Option POOL = Option.one("--pool", "PREFIX", "Addresses inside the tunnels: the first is the"
            + " gateway's, each device gets one of the others. Default: " + DEFAULT_POOL + ".");
    static final Option DNS = Option.many("--dns", "ADDRESS", "A DNS server for the devices.");
    static final Option SUITES = Option.one("--suites", "LIST", "What is accepted, with commas between, the preferred"
            + " one first. Default: aes-256-gcm,aes-256-cbc-sha256.");

    /**
     * Takes the arguments.
     *
     * @param arguments what was typed
     * @param binds where to listen
     * @param terminal where the environment is
     * @return the options
     * @throws UsageError when one cannot be used
     */
    static ServerOptions of(Arguments arguments, Binds binds, Terminal terminal) throws UsageError {
        Optional<String> publicAddress = arguments.get("--public-address");
        if (publicAddress.isPresent()) {
            Values.address("--public-address", publicAddress.get());
        } else {
            publicAddress = terminal.variable("JKIPSEC_PUBLIC_IP");
            if (publicAddress.isPresent()) {
                Values.address("JKIPSEC_PUBLIC_IP", publicAddress.get());
            }
        }
        for (String server : arguments.all("--dns")) {
            Values.address("--dns", server);
        }
        Optional<String> suites = arguments.get("--suites");
        return new ServerOptions(binds, publicAddress, arguments.get("--identity").orElse(DEFAULT_IDENTITY),
                Values.prefix("--pool", arguments.get("--pool").orElse(DEFAULT_POOL)),
                InnerWords.of(arguments), arguments.all("--dns"),
                suites.isPresent() ? Values.suites("--suites", suites.get()) : List.of(Suite.values()),
                Admittance.of(arguments, terminal), PpkWords.of(arguments, terminal), Tuning.of(arguments));
    }

    /**
     * Makes the server's configuration; reads the files that say who may come in.
     *
     * @param journal where refusals are noted
     * @return the configuration
     * @throws UsageError when a file or a setting cannot be used
     */
    ServerConfig config(Journal journal) throws UsageError {
        return config(journal, RelayWords.NONE);
    }

    /**
     * Makes the configuration of a server that relays, or not.
     *
     * @param journal where refusals are noted
     * @param relay what is relayed
     * @return the configuration
     * @throws UsageError when a file or a setting cannot be used
     */
    ServerConfig config(Journal journal, RelayWords relay) throws UsageError {
        try {
            var builder = ServerConfig.builder().bind(binds.address()).ikePort(binds.ikePort())
                    .natTPort(binds.natTPort()).identity(identity).addressPool(pool).dns(dns.toArray(String[]::new))
                    .suites(suites.toArray(Suite[]::new));
            publicAddress.ifPresent(builder::publicAddress);
            admittance.apply(builder, journal);
            ppk.apply(builder);
            inner.apply(builder);
            relay.apply(builder, !inner.offered().isEmpty(), !dns.isEmpty(), journal);
            tuning.apply(builder);
            return builder.build();
        } catch (IllegalArgumentException | IllegalStateException wrong) {
            throw new UsageError(wrong.getMessage());
        }
    }
}
