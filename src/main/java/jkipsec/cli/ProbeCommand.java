package jkipsec.cli;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import jkipsec.Tunnel;
import jkipsec.VpnServer;

/** {@code probe}: connects to ports of every device that comes up and says what answered. */
final class ProbeCommand implements Command {
    private static final String DEFAULT_PORTS = "62078,22,80,443,7000,49152";
    private static final String DEFAULT_TIMEOUT = "5";
    private static final List<Option> OPTIONS = List.of(
            Option.one("--ports", "LIST", "The TCP ports to connect to, with commas between. Also"
                    + " JKIPSEC_PROBE_PORTS. Default: " + DEFAULT_PORTS + "."),
            Option.one("--timeout", "SECONDS", "How long to wait for each port to answer. Default: " + DEFAULT_TIMEOUT
                    + "."),
            Option.one("--binds", "LIST", "The two UDP sockets, as ADDRESS:PORT/ROLE with a comma between; ROLE is"
                    + " ike500 or ike4500. Also JKIPSEC_BINDS. Default: " + Binds.PROBE_DEFAULT + "."),
            ServerOptions.PUBLIC_ADDRESS, ServerOptions.IDENTITY, ServerOptions.POOL, ServerOptions.DNS,
            ServerOptions.SUITES,
            Option.flag("--once", "Exits after the first device: with 0 when at least one port was open, with 1 when"
                    + " none was."));

    ProbeCommand() {}

    @Override
    public String name() {
        return "probe";
    }

    @Override
    public String summary() {
        return "accept devices and say which of their ports answer";
    }

    @Override
    public String description() {
        return """
                Runs a gateway like 'serve', and connects through the tunnel to each of the
                named TCP ports of every device that comes up. For each it prints whether the
                port is open, with the first octets of what answered; closed; or silent. Then
                the device stays connected until SIGINT or SIGTERM (Ctrl-C).

                The environment says the rest: JKIPSEC_PSK, the pre-shared key of every device
                (required); JKIPSEC_PUBLIC_IP, the address at which devices reach this machine;
                JKIPSEC_PROBE_PORTS and JKIPSEC_BINDS. An option goes before its variable.

                The default ports need no privilege. Devices expect 500 and 4500: redirect
                those to them, or run as root with JKIPSEC_BINDS.
                """;
    }

    @Override
    public List<Option> options() {
        return OPTIONS;
    }

    @Override
    public int run(Arguments arguments, Terminal terminal) throws UsageError, IOException, InterruptedException {
        return run(ProbeOptions.of(arguments, terminal), new Journal(terminal.out()));
    }

    private static int run(ProbeOptions options, Journal journal) throws UsageError, IOException, InterruptedException {
        try (var stopper = new Stopper();
                var services = new TunnelServices(journal, List.of(), List.of());
                var server = VpnServer.start(options.server().config(journal))) {
            stopper.onStop(server::close);
            journal.note("probing devices of %s on UDP %s (IKE) and %s (NAT-T)", options.server().identity(),
                    Units.literal(server.ikeAddress()), Units.literal(server.natTAddress()));
            try {
                while (true) {
                    Tunnel tunnel = server.accept();
                    services.up(tunnel);
                    if (options.once()) {
                        return probe(tunnel, options, journal) > 0 ? 0 : 1;
                    }
                    Thread.ofVirtual().name("probe " + tunnel.identity()).start(() -> probe(tunnel, options, journal));
                }
            } catch (IOException closed) {
                journal.note("stopped");
                return 0;
            }
        }
    }

    /** Probes one device and returns how many of its ports were open. */
    static int probe(Tunnel tunnel, ProbeOptions options, Journal journal) {
        int open = 0;
        for (int port : options.ports()) {
            PortProbe.Answer answer = PortProbe.probe(() -> tunnel.connect(port, options.timeout()), options.timeout());
            journal.note("probe %s %s port %d: %s", tunnel.identity(), Units.literal(tunnel.remoteAddress()), port,
                    answer.describe());
            open += answer.isOpen() ? 1 : 0;
        }
        journal.note("probe %s: %d of %d ports open", tunnel.identity(), open, options.ports().size());
        return open;
    }

    /**
     * What {@code probe} is told.
     *
     * @param server whom to accept, and where
     * @param ports the ports to connect to
     * @param timeout how long to wait for each
     * @param once whether to exit after the first device
     */
    record ProbeOptions(ServerOptions server, List<Integer> ports, Duration timeout, boolean once) {
        /**
         * Takes the arguments and the environment.
         *
         * @param arguments what was typed
         * @param terminal where the environment is
         * @return the options
         * @throws UsageError when one cannot be used
         */
        static ProbeOptions of(Arguments arguments, Terminal terminal) throws UsageError {
            Setting binds = setting(arguments, "--binds", terminal, "JKIPSEC_BINDS", Binds.PROBE_DEFAULT);
            Setting ports = setting(arguments, "--ports", terminal, "JKIPSEC_PROBE_PORTS", DEFAULT_PORTS);
            return new ProbeOptions(
                    ServerOptions.of(arguments, Binds.parse(binds.where(), binds.value()), terminal),
                    Values.ports(ports.where(), ports.value()),
                    Values.seconds("--timeout", arguments.get("--timeout").orElse(DEFAULT_TIMEOUT), 3600),
                    arguments.has("--once"));
        }

        private record Setting(String where, String value) {}

        private static Setting setting(Arguments arguments, String option, Terminal terminal, String variable,
                String otherwise) {
            Optional<String> typed = arguments.get(option);
            return typed.isPresent()
                    ? new Setting(option, typed.get())
                    : new Setting(variable, terminal.variable(variable).orElse(otherwise));
        }
    }
}
