package jkipsec.cli;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import jkipsec.Suite;

/** {@code demo}: both ends of a tunnel in this process, doing what the library is for. */
final class DemoCommand implements Command {
    private static final String DEFAULT_MEBIBYTES = "16";
    private static final String DEFAULT_LIMIT = "60";
    private static final List<Option> OPTIONS = List.of(
            Option.one("--mib", "NUMBER", "How many MiB go each way through each connection. Default: "
                    + DEFAULT_MEBIBYTES + "."),
            Option.one("--suites", "LIST", "Which suites to show, with commas between. Default:"
                    + " aes-256-gcm,aes-256-cbc-sha256."),
            Option.one("--time-limit", "SECONDS", "Fails when the whole takes longer. Default: " + DEFAULT_LIMIT
                    + "."));

    DemoCommand() {}

    @Override
    public String name() {
        return "demo";
    }

    @Override
    public String summary() {
        return "a gateway and a device in one process: connect, transfer, compare, close";
    }

    @Override
    public String description() {
        return """
                Runs a gateway and an embedded IKEv2 device in this process, joined by UDP over
                the loopback interface on free ports; no privilege is needed. For each suite:
                the handshake, a ping, a blocking socket from the host to an echo service on the
                device, one from the device to a ServerSocket of the host, and a DELETE from one
                side that the other sees. Every byte is compared by SHA-256.

                The rates are those of a JVM that has only just begun to compile what it runs,
                of the first transfer above all; bench measures what comes after that.

                Exits with 0 when all of it worked, and otherwise says what did not.
                """;
    }

    @Override
    public List<Option> options() {
        return OPTIONS;
    }

    @Override
    public int run(Arguments arguments, Terminal terminal) throws Exception {
        var options = DemoOptions.of(arguments);
        var demo = new Demo(terminal.out(), options.mebibytes() << 20);
        return Watchdog.guard(options.limit(), () -> expire(demo, options, terminal), () -> {
            demo.run(options.suites());
            return 0;
        });
    }

    /** Whatever hangs will not return; so the process ends here. */
    private static void expire(Demo demo, DemoOptions options, Terminal terminal) {
        terminal.err().println("jkipsec demo: not finished after " + Units.time(options.limit()) + "; it was at: "
                + demo.step());
        Runtime.getRuntime().halt(1);
    }

    /**
     * What {@code demo} is told.
     *
     * @param mebibytes how much goes each way through each connection
     * @param suites the suites to show
     * @param limit how long the whole may take
     */
    record DemoOptions(int mebibytes, List<Suite> suites, Duration limit) {
        /**
         * Takes the arguments.
         *
         * @param arguments what was typed
         * @return the options
         * @throws UsageError when one cannot be used
         */
        static DemoOptions of(Arguments arguments) throws UsageError {
            Optional<String> suites = arguments.get("--suites");
            return new DemoOptions(
                    Values.number("--mib", arguments.get("--mib").orElse(DEFAULT_MEBIBYTES), 1, 1024,
                            "a number of MiB"),
                    suites.isPresent() ? Values.suites("--suites", suites.get()) : List.of(Suite.values()),
                    Values.seconds("--time-limit", arguments.get("--time-limit").orElse(DEFAULT_LIMIT), 3600));
        }
    }
}
