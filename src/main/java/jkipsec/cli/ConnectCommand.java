package jkipsec.cli;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import jkipsec.ClientConfig;
import jkipsec.Suite;
import jkipsec.Tunnel;
import jkipsec.VpnClient;

/** {@code connect}: the other role, a device of some gateway. */
final class ConnectCommand implements Command {
    private static final List<Option> OPTIONS = List.of(
            Option.one("--server", "HOST", "The gateway's name or address, IPv4 or IPv6."),
            Option.one("--ike-port", "PORT", "The gateway's UDP port for IKE. Default: 500."),
            Option.one("--nat-t-port", "PORT", "The gateway's UDP port for IKE and ESP behind a NAT. Default: 4500."),
            Option.one("--identity", "NAME", "Who this device is: its Local ID. Default: the --user."),
            Option.one("--remote-identity", "NAME", "Who the gateway must be: its Remote ID. Default: whoever"
                    + " has the pre-shared key; with --user or --certificate, the --server."),
            LoginWords.USER, LoginWords.CERTIFICATE, LoginWords.TRUST,
            Option.one("--suites", "LIST", "What is proposed, with commas between, the preferred one first. Default:"
                    + " aes-256-gcm,aes-256-cbc-sha256."),
            Tuning.IKE_LIFETIME, Tuning.CHILD_LIFETIME, Tuning.FRAGMENT_SIZE, Tuning.OUTER_MTU, Tuning.INNER_MTU,
            Tuning.PROBE_AFTER, Tuning.TRANSMISSIONS, Tuning.IDLE_LIMIT, Tuning.PFS,
            AddressWatch.EVERY,
            ProposalWords.IKE, ProposalWords.ESP, PpkWords.PPK, PpkWords.REQUIRED,
            Option.one("--timeout", "SECONDS", "How long to try. Default: 20."),
            Option.many("--echo", "PORT", "Sends back what the gateway sends to this TCP or UDP port of the device, inside"
                    + " the tunnel."),
            Option.many("--forward", "LOCALPORT:GATEWAYPORT", "Leads connections to 127.0.0.1 port LOCALPORT of this"
                    + " machine to GATEWAYPORT of the gateway, inside the tunnel."),
            Option.flag("--ipv6", "Asks for an IPv6 address inside the tunnel too."),
            Option.flag("--once", "Ends the tunnel after a ping, instead of running until stopped."));

    ConnectCommand() {}

    @Override
    public String name() {
        return "connect";
    }

    @Override
    public String summary() {
        return "be a device: connect to a gateway";
    }

    @Override
    public String description() {
        return """
                Connects to an IKEv2 gateway (this program's 'serve', strongSwan, ...) as a
                device does, pings it through the tunnel, and stays connected until stopped by
                SIGINT or SIGTERM (Ctrl-C), which ends the tunnel with an IKE DELETE.

                It logs in by a pre-shared key from the environment variable JKIPSEC_PSK, or
                with --user by a password from JKIPSEC_PASSWORD, which is asked for when that
                is not set, or by --certificate.
                """;
    }

    @Override
    public List<Option> options() {
        return OPTIONS;
    }

    @Override
    public int run(Arguments arguments, Terminal terminal) throws UsageError, IOException, InterruptedException {
        var journal = new Journal(terminal.out());
        var options = ConnectOptions.of(arguments, terminal);
        try (var stopper = new Stopper();
                var services = new TunnelServices(journal, options.echoPorts(), options.forwards());
                Tunnel tunnel = VpnClient.connect(options.config())) {
            stopper.onStop(tunnel::close);
            services.up(tunnel);
            journal.note("this device is %s; the gateway answered a ping after %s",
                    addresses(tunnel), Units.time(tunnel.ping(options.timeout())));
            if (!options.once()) {
                options.watchEvery().ifPresent(interval -> AddressWatch.start(tunnel, interval, journal));
                tunnel.awaitClosed();
            }
        }
        return 0;
    }

    private static String addresses(Tunnel tunnel) {
        return Units.literal(tunnel.localAddress())
                + tunnel.localAddress6().map(address -> " and " + Units.literal(address)).orElse("");
    }

    /**
     * What {@code connect} is told.
     *
     * @param server the gateway's name or address
     * @param ikePort its port for IKE
     * @param natTPort its port for NAT-T
     * @param identity who this device is, unless the user's name says that
     * @param remoteIdentity who the gateway must be, unless anybody with the key will do
     * @param login how this device proves who it is
     * @param suites what is proposed
     * @param tuning what seldom needs to be set, with what is proposed in their place
     * @param watchEvery how often to look for another address of this machine, if at all
     * @param ppk a post-quantum pre-shared key
     * @param timeout how long to try
     * @param echoPorts ports inside the tunnel that send back what they get
     * @param forwards local ports that lead to the gateway
     * @param ipv6 whether to ask for an IPv6 address too
     * @param once whether to end after the ping
     */
    record ConnectOptions(String server, int ikePort, int natTPort, Optional<String> identity,
            Optional<String> remoteIdentity, LoginWords login, List<Suite> suites, Tuning tuning,
            Optional<Duration> watchEvery, PpkWords ppk, Duration timeout, List<Integer> echoPorts, List<Forward> forwards, boolean ipv6, boolean once) {
        /**
         * Takes the arguments.
         *
         * @param arguments what was typed
         * @param terminal where the environment is
         * @return the options
         * @throws UsageError when one cannot be used
         */
        static ConnectOptions of(Arguments arguments, Terminal terminal) throws UsageError {
            String server = required(arguments, "--server", "HOST");
            LoginWords login = LoginWords.of(arguments, terminal);
            Optional<String> identity = login.user().isPresent() ? arguments.get("--identity")
                    : Optional.of(required(arguments, "--identity", "NAME"));
            Optional<String> suites = arguments.get("--suites");
            return new ConnectOptions(server,
                    Values.port("--ike-port", arguments.get("--ike-port").orElse("500")),
                    Values.port("--nat-t-port", arguments.get("--nat-t-port").orElse("4500")),
                    identity, arguments.get("--remote-identity"), login,
                    suites.isPresent() ? Values.suites("--suites", suites.get()) : List.of(Suite.values()),
                    Tuning.of(arguments), AddressWatch.every(arguments), PpkWords.of(arguments, terminal),
                    Values.seconds("--timeout", arguments.get("--timeout").orElse("20"), 3600),
                    ServeCommand.ServeOptions.echoPorts(arguments), ServeCommand.ServeOptions.forwards(arguments),
                    arguments.has("--ipv6"), arguments.has("--once"));
        }

        private static String required(Arguments arguments, String name, String value) throws UsageError {
            return arguments.get(name).orElseThrow(() -> new UsageError("connect needs " + name + " " + value));
        }

        ClientConfig config() throws UsageError {
            try {
                var builder = ClientConfig.builder().server(server, ikePort, natTPort)
                        .suites(suites.toArray(Suite[]::new)).connectTimeout(timeout).ipv6(ipv6);
                identity.ifPresent(builder::identity);
                login.apply(builder);
                remoteIdentity.ifPresent(builder::remoteIdentity);
                tuning.apply(builder);
                ppk.apply(builder);
                return builder.build();
            } catch (IllegalArgumentException | IllegalStateException wrong) {
                throw new UsageError(wrong.getMessage());
            }
        }
    }
}
