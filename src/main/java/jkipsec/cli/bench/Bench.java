package jkipsec.cli.bench;

import java.io.PrintStream;
import java.time.Duration;
import java.util.Locale;
import jkipsec.Suite;

/** Runs the comparisons and prints a table. */
public final class Bench {
    private static final String ROW = "%-34s %-34s %18s %18s %7s%n";

    private static final int ATTACK_RATE = 5_000;

    private final Plan plan;
    private final PrintStream out;

    private Bench(Plan plan, PrintStream out) {
        this.plan = plan;
        this.out = out;
    }

    /**
     * How thorough to be.
     *
     * @param suite what protects the tunnel
     * @param rounds how often each figure is measured
     * @param transfer how long one measurement of a transfer takes; the others take a third of it
     */
    public record Plan(Suite suite, int rounds, Duration transfer) {
        Duration brief() {
            return transfer.dividedBy(3);
        }
    }

    /**
     * Measures everything.
     *
     * @param plan how thorough to be
     * @param out where the table goes
     * @throws Exception when something cannot be measured
     */
    public static void run(Plan plan, PrintStream out) throws Exception {
        new Bench(plan, out).run();
    }

    private void run() throws Exception {
        out.printf("%s, %d rounds, medians; Java %s, %d processors, %s %s%n%n", plan.suite(), plan.rounds(),
                Runtime.version(), Runtime.getRuntime().availableProcessors(), System.getProperty("os.name"),
                System.getProperty("os.arch"));
        out.printf(ROW, "jkipsec", "beside", "jkipsec", "beside", "ratio");
        packets();
        try (var tunnel = new BenchTunnel(plan.suite())) {
            transfers(tunnel);
            echoes(tunnel);
            roundTrips(tunnel);
            underAttack(tunnel);
        }
        handshakes();
    }

    private void packets() throws Exception {
        try (var raw = RawCipher.of(plan.suite()); var esp = new EspPackets(plan.suite())) {
            String beside = "JDK " + raw.name() + ", ";
            row("ESP seal, 1,400 octets", beside + "encrypt", "%,.0f Mbit/s", Comparison.measure(plan.rounds(),
                    () -> raw.encrypt(plan.brief()), () -> esp.seal(plan.brief())));
            row("ESP open, 1,400 octets", beside + "decrypt", "%,.0f Mbit/s", Comparison.measure(plan.rounds(),
                    () -> raw.decrypt(plan.brief()), () -> esp.open(plan.brief())));
        }
    }

    private void transfers(BenchTunnel tunnel) throws Exception {
        int size = tunnel.datagramSize();
        String beside = String.format(Locale.ROOT, "UDP loopback, %,d octets", size);
        row("TCP goodput, host to device", beside, "%,.0f Mbit/s", Comparison.measure(plan.rounds(),
                () -> RawUdp.goodput(size, plan.transfer()), () -> tunnel.goodput(true, plan.transfer())));
        row("TCP goodput, device to host", beside, "%,.0f Mbit/s", Comparison.measure(plan.rounds(),
                () -> RawUdp.goodput(size, plan.transfer()), () -> tunnel.goodput(false, plan.transfer())));
    }

    /** Each octet goes through the tunnel twice, so that a ratio of one half is what the processors allow. */
    private void echoes(BenchTunnel tunnel) throws Exception {
        row("TCP goodput, echoed, each way", "TCP goodput, host to device", "%,.0f Mbit/s", Comparison.measure(
                plan.rounds(), () -> tunnel.goodput(true, plan.transfer()), () -> tunnel.echoed(plan.transfer())));
    }

    private void roundTrips(BenchTunnel tunnel) throws Exception {
        try (var raw = new RawUdp.Echo(); var ours = tunnel.new Echo()) {
            row("TCP echo round trip, 64 octets", "UDP echo round trip, 64 octets", "%,.1f µs",
                    Comparison.measure(plan.rounds(), () -> raw.roundTrip(plan.brief()),
                            () -> ours.roundTrip(plan.brief())));
        }
    }

    /** The attacker runs on the same processors, so that it takes part of the rate by itself. */
    private void underAttack(BenchTunnel tunnel) throws Exception {
        row(String.format(Locale.ROOT, "TCP goodput, %,d INITs a second", ATTACK_RATE), "TCP goodput, undisturbed",
                "%,.0f Mbit/s", Comparison.measure(plan.rounds(),
                        () -> tunnel.goodput(true, plan.transfer()), () -> {
                            try (var flood = new Flood(tunnel.ikeAddress(), ATTACK_RATE)) {
                                flood.start();
                                return tunnel.goodput(true, plan.transfer());
                            }
                        }));
    }

    private void handshakes() throws Exception {
        try (var handshakes = new Handshakes(plan.suite())) {
            row("handshakes, both ends", "X25519 and ML-KEM-768, both ends", "%,.0f /s",
                    Comparison.measure(plan.rounds(), () -> RawKeyExchange.rate(plan.brief()),
                            () -> handshakes.rate(plan.brief())));
        }
    }

    private void row(String what, String beside, String unit, Comparison measured) {
        out.printf(ROW, what, beside, String.format(Locale.ROOT, unit, measured.ours()),
                String.format(Locale.ROOT, unit, measured.plain()),
                String.format(Locale.ROOT, "%.2f", measured.ratio()));
        out.flush();
    }
}
