package jkipsec.cli;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import jkipsec.VpnServer;

/** {@code serve}: a gateway that runs until it is stopped. */
final class ServeCommand implements Command {
    private static final List<Option> OPTIONS = List.of(
            Option.one("--bind", "ADDRESS", "The local address to listen on. Default: 0.0.0.0, which is all of them."),
            Option.one("--ike-port", "PORT", "The UDP port for IKE; 0 for any free one. Default: 500."),
            Option.one("--nat-t-port", "PORT", "The UDP port for IKE and ESP behind a NAT; 0 for any free one."
                    + " Default: 4500."),
            ServerOptions.PUBLIC_ADDRESS, ServerOptions.IDENTITY, ServerOptions.POOL, ServerOptions.DNS,
            InnerWords.POOL6, InnerWords.OFFER, InnerWords.DNS_DOMAIN,
            RelayWords.RELAY, RelayWords.RELAY_TO,
            Admittance.KEYS, Admittance.CERTIFICATE, Admittance.USERS, Admittance.TRUST,
            RedirectWords.ALL, RedirectWords.SOME, ServerOptions.SUITES,
            Tuning.IKE_LIFETIME, Tuning.CHILD_LIFETIME, Tuning.COOKIE_THRESHOLD, Tuning.FRAGMENT_SIZE, Tuning.OUTER_MTU, Tuning.INNER_MTU,
            Tuning.PROBE_AFTER, Tuning.TRANSMISSIONS, Tuning.IDLE_LIMIT, Tuning.PFS,
            PpkWords.PPK, PpkWords.REQUIRED,
            ProposalWords.IKE, ProposalWords.ESP,
            Option.many("--echo", "PORT", "Sends back what devices send to this TCP or UDP port of the gateway, inside the"
                    + " tunnel."),
            Option.many("--forward", "LOCALPORT:DEVICEPORT", "Leads connections to 127.0.0.1 port LOCALPORT of this"
                    + " machine to DEVICEPORT of the device that came up last."));

    ServeCommand() {}

    @Override
    public String name() {
        return "serve";
    }

    @Override
    public String summary() {
        return "accept devices until stopped";
    }

    @Override
    public String description() {
        return """
                Runs a gateway: accepts devices, gives each an address inside its tunnel, and
                prints a line when one comes up, is refused or ends. SIGINT and SIGTERM (Ctrl-C)
                end every tunnel with an IKE DELETE and exit.

                Who may come in is said by one or several of: --keys; the environment variable
                JKIPSEC_PSK, one pre-shared key for every device that is not in that file;
                --users, with passwords; --trust, with certificates.

                Ports below 1024, such as 500, need a privilege: run as root, give java the
                capability cap_net_bind_service, lower net.ipv4.ip_unprivileged_port_start by
                sysctl, or take other ports here and redirect 500 and 4500 to them.
                """;
    }

    @Override
    public List<Option> options() {
        return OPTIONS;
    }

    @Override
    public int run(Arguments arguments, Terminal terminal) throws UsageError, IOException, InterruptedException {
        return run(ServeOptions.of(arguments, terminal), new Journal(terminal.out()));
    }

    private static int run(ServeOptions options, Journal journal) throws UsageError, IOException, InterruptedException {
        try (var stopper = new Stopper();
                var services = new TunnelServices(journal, options.echoPorts(), options.forwards());
                var server = VpnServer.start(options.server().config(journal, options.relay()))) {
            stopper.onStop(server::close);
            journal.note("serving %s on UDP %s (IKE) and %s (NAT-T)", options.server().identity(),
                    Units.literal(server.ikeAddress()), Units.literal(server.natTAddress()));
            try {
                while (true) {
                    services.up(server.accept());
                }
            } catch (IOException closed) {
                journal.note("stopped");
                return 0;
            }
        }
    }

    /**
     * What {@code serve} is told.
     *
     * @param server whom to accept, and where
     * @param relay what devices send to others and is relayed
     * @param echoPorts ports inside the tunnels that send back what they get
     * @param forwards local ports that lead to a device
     */
    record ServeOptions(ServerOptions server, RelayWords relay, List<Integer> echoPorts, List<Forward> forwards) {
        /**
         * Takes the arguments.
         *
         * @param arguments what was typed
         * @param terminal where the environment is
         * @return the options
         * @throws UsageError when one cannot be used
         */
        static ServeOptions of(Arguments arguments, Terminal terminal) throws UsageError {
            var binds = new Binds(
                    Values.address("--bind", arguments.get("--bind").orElse("0.0.0.0")),
                    Values.bindPort("--ike-port", arguments.get("--ike-port").orElse("500")),
                    Values.bindPort("--nat-t-port", arguments.get("--nat-t-port").orElse("4500")));
            return new ServeOptions(ServerOptions.of(arguments, binds, terminal), RelayWords.of(arguments), echoPorts(arguments),
                    forwards(arguments));
        }

        static List<Integer> echoPorts(Arguments arguments) throws UsageError {
            List<Integer> ports = new ArrayList<>();
            for (String port : arguments.all("--echo")) {
                ports.add(Values.port("--echo", port));
            }
            return List.copyOf(ports);
        }

        static List<Forward> forwards(Arguments arguments) throws UsageError {
            List<Forward> forwards = new ArrayList<>();
            for (String forward : arguments.all("--forward")) {
                forwards.add(Values.forward("--forward", forward));
            }
            return List.copyOf(forwards);
        }
    }
}
