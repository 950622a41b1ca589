package jkipsec.interop;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.Closeable;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import jkipsec.interop.Lab.Device;
import jkipsec.interop.Lab.Wiring;
import org.junit.jupiter.api.Test;

/**
 * Not a test: our TCP beside Linux's on the same bad links. A strongSwan device, with Linux's TCP inside its tunnel,
 * exchanges data with a gateway behind an {@link ImpairedLink}: once strongSwan, with Linux's TCP inside, once jkipsec.
 * For each link it prints the goodput of both and the ratio, for data to the device and from it.
 *
 * <pre>
 *   mvn -q verify -Pinterop -Dit.test=TcpComparison
 *   ... -Djkipsec.rtt=10,50,200 -Djkipsec.rate=10,100 -Djkipsec.loss=0,0.1,1,3 -Djkipsec.seconds=10 -Djkipsec.runs=1
 * </pre>
 *
 * <p>Needs iperf3 beside what the interop tests need. Linux uses CUBIC, whatever the machine's default is. A figure is the
 * median of the runs, each with other losses.
 */
class TcpComparison extends LabTest {
    private static final Device DEVICE = Device.GCM.with("GATEWAY", "10.77.1.1");
    private static final int IPERF_PORT = 5201;

    /** What a link is like, and which way data goes over it. */
    private record Cell(String rate, String roundTrip, String loss, boolean toDevice) {
        String conditions(int seed) {
            return roundTrip + " " + rate + " " + loss + " " + seed;
        }
    }

    @Test
    void measure() throws Exception {
        Map<Cell, Double> linux = withStrongSwan();
        Map<Cell, Double> ours = withJkipsec();
        System.out.printf("%8s %8s %7s  %-6s %10s %10s %7s%n", "Mbit/s", "RTT ms", "loss %", "device", "Linux",
                "jkipsec", "ratio");
        linux.forEach((cell, rate) -> System.out.printf(Locale.ROOT, "%8s %8s %7s  %-6s %10.2f %10.2f %7.2f%n",
                cell.rate(), cell.roundTrip(), cell.loss(), cell.toDevice() ? "gets" : "sends", rate, ours.get(cell),
                ours.get(cell) / rate));
    }

    private Map<Cell, Double> withStrongSwan() throws Exception {
        Path gatewayFolder = Files.createDirectory(folder.resolve("gateway"));
        try (Lab lab = new Lab(Files.createDirectory(folder.resolve("linux")), Wiring.NAT, DEVICE)) {
            lab.startCharonAsGateway(gatewayFolder).succeeded();
            try (Link link = new Link(lab)) {
                String address = up(lab);
                return measureAll(lab, link, "-c", address, "-p", String.valueOf(IPERF_PORT));
            }
        }
    }

    private Map<Cell, Double> withJkipsec() throws Exception {
        try (Lab lab = new Lab(Files.createDirectory(folder.resolve("jkipsec")), Wiring.NAT, DEVICE);
                var gateway = JkipsecProcess.serve(lab, folder, "--forward", "0:" + IPERF_PORT);
                Link link = new Link(lab)) {
            up(lab);
            Matcher forward = Pattern.compile("forward 127\\.0\\.0\\.1:(\\d+) to port " + IPERF_PORT)
                    .matcher(gateway.output());
            assertTrue(forward.find(), gateway.output());
            return measureAll(lab, link, "-c", "127.0.0.1", "-p", forward.group(1));
        }
    }

    /** Brings the tunnel up and starts iperf3 at the device; gives the device's address inside. */
    private static String up(Lab lab) throws InterruptedException {
        lab.connect().succeeded();
        lab.onDevice("sysctl", "-qw", "net.ipv4.tcp_no_metrics_save=1").succeeded();
        lab.onGateway("sysctl", "-qw", "net.ipv4.tcp_no_metrics_save=1").succeeded();
        lab.onDevice("iperf3", "-s", "-D").succeeded();
        Matcher address = Pattern.compile("local +(10\\.8\\.0\\.\\d+)/32").matcher(lab.status());
        assertTrue(address.find(), lab.status());
        return address.group(1);
    }

    private static Map<Cell, Double> measureAll(Lab lab, Link link, String... target) throws IOException {
        var medians = new LinkedHashMap<Cell, Double>();
        int seed = 1;
        for (String rate : setting("rate", "10,100")) {
            for (String roundTrip : setting("rtt", "10,50,200")) {
                for (String loss : setting("loss", "0,0.1,1,3")) {
                    for (boolean toDevice : List.of(true, false)) {
                        var cell = new Cell(rate, roundTrip, loss, toDevice);
                        double[] runs = new double[Integer.getInteger("jkipsec.runs", 1)];
                        for (int run = 0; run < runs.length; run++) {
                            String before = link.become(cell.conditions(seed++));
                            runs[run] = iperf(lab, toDevice, target);
                            if (Double.isNaN(runs[run])) { // its server may still be busy with the run before
                                runs[run] = iperf(lab, toDevice, target);
                            }
                            System.err.println(target[1] + " " + cell + " " + runs[run] + "; before: " + before);
                        }
                        Arrays.sort(runs);
                        medians.put(cell, runs[runs.length / 2]);
                    }
                }
            }
        }
        return medians;
    }

    private static String[] setting(String name, String usual) {
        return System.getProperty("jkipsec." + name, usual).split(",");
    }

    /** Gives the Mbit/s that arrived. */
    private static double iperf(Lab lab, boolean toDevice, String... target) {
        var command = new ArrayList<>(List.of("timeout", "80", "iperf3", "-C", "cubic", "-J", "-t",
                System.getProperty("jkipsec.seconds", "10")));
        command.addAll(List.of(target));
        if (!toDevice) {
            command.add("-R");
        }
        String report = lab.onGateway(command.toArray(String[]::new)).output();
        Matcher received = Pattern.compile("\"sum_received\":[^}]*\"bits_per_second\":\\s*([0-9.e+]+)").matcher(report);
        if (!received.find()) {
            System.err.println(report);
            return Double.NaN;
        }
        return Double.parseDouble(received.group(1)) / 1e6;
    }

    /** The bad link, a process where the NAT is. */
    private static final class Link implements Closeable {
        private final Process process;
        private final BufferedReader says;
        private final PrintWriter told;

        Link(Lab lab) throws IOException {
            process = lab.forNat(Lab.java(ImpairedLink.class, "10.77.1.1", "10.77.0.1")).start();
            says = process.inputReader();
            told = new PrintWriter(process.outputWriter(), true);
            String line = says.readLine();
            assertTrue("ready".equals(line), () -> "the link said " + line);
        }

        /** Changes what the link is like; gives what it did before. */
        String become(String conditions) throws IOException {
            told.println(conditions);
            return says.readLine();
        }

        @Override
        public void close() {
            process.destroyForcibly();
        }
    }
}
