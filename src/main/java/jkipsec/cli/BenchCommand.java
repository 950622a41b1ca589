package jkipsec.cli;

import java.time.Duration;
import java.util.List;
import jkipsec.Suite;
import jkipsec.cli.bench.Bench;

/** {@code bench}: what the tunnel costs. */
final class BenchCommand implements Command {
    private static final List<Option> OPTIONS = List.of(
            Option.one("--suite", "NAME", "What protects the tunnel. Default: aes-256-gcm."),
            Option.one("--rounds", "NUMBER", "How often each figure is measured. Default: 5."),
            Option.one("--seconds", "SECONDS", "How long one measurement of a transfer takes; the others take a third."
                    + " Default: 1."));

    BenchCommand() {}

    @Override
    public String name() {
        return "bench";
    }

    @Override
    public String summary() {
        return "measure this machine with and without the tunnel, side by side";
    }

    @Override
    public String description() {
        return """
                Measures, in this process and over the loopback interface, what the tunnel does
                beside what the same machine does without it: ESP beside the JDK's cipher, TCP
                through the tunnel beside UDP with datagrams of the same size, a TCP echo
                through the tunnel beside a UDP echo, a transfer both ways beside one way, whole
                handshakes beside their key exchanges alone.

                Both of each pair are measured in turns; the medians are shown, and the median
                of the ratios. With round trips a lower ratio is better, otherwise a higher one.
                It takes about a minute; --rounds 1 --seconds 0.3 gives a first impression.
                """;
    }

    @Override
    public List<Option> options() {
        return OPTIONS;
    }

    @Override
    public int run(Arguments arguments, Terminal terminal) throws Exception {
        List<Suite> suites = Values.suites("--suite", arguments.get("--suite").orElse("aes-256-gcm"));
        if (suites.size() != 1) {
            throw new UsageError("--suite: name one suite, not " + suites.size());
        }
        int rounds = Values.number("--rounds", arguments.get("--rounds").orElse("5"), 1, 1000, "a number of rounds");
        Duration transfer = Values.seconds("--seconds", arguments.get("--seconds").orElse("1"), 60);
        Bench.run(new Bench.Plan(suites.getFirst(), rounds, transfer), terminal.out());
        return 0;
    }
}
