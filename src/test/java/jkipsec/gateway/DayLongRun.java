package jkipsec.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import javax.management.JMException;
import javax.management.ObjectName;
import jkipsec.sim.Link;
import jkipsec.sim.Peer;
import jkipsec.sim.Scenario;
import jkipsec.sim.SteadyTraffic;
import jkipsec.sim.World;
import org.junit.jupiter.api.Test;

/**
 * A day and more of one tunnel at the default lifetimes, in virtual time: a steady stream to the device, bursts to the
 * gateway, short connections, and a link that loses, duplicates and reorders. After each hour all that was sent has
 * arrived; no tunnel ends; memory stays as it was in the first hours. Takes some minutes; not part of {@code verify}.
 *
 * <pre>mvn -q test -Dtest=DayLongRun</pre>
 *
 * <p>{@code -Djkipsec.mbits=} sets the steady rate in Mbit/s, {@code -Djkipsec.hours=} how many hours, at least 12.
 */
class DayLongRun {
    private static final int BURST = 8 << 20;
    private static final double LOSS = 0.002;

    /** What an hour's tables may hold more or less of any kind of object than another's. */
    private static final int OBJECTS = 8;
    private static final long OCTETS = 256 << 10;

    /** What was live after each hour, in arrays made beforehand: what is measured is not to grow by the measuring. */
    private static final class Samples {
        private static final Pattern LINE = Pattern.compile("\\s*\\d+:\\s+(\\d+)\\s+\\d+\\s+(jkipsec\\.\\S+)");

        private final long[] heap;
        private final Map<String, long[]> objects = new TreeMap<>();

        Samples(int hours) {
            heap = new long[hours];
        }

        void take(int hour) {
            // Counting the live objects collects the others first.
            for (String line : histogram().lines().toList()) {
                var matcher = LINE.matcher(line);
                if (matcher.lookingAt()) {
                    objects.computeIfAbsent(matcher.group(2), kind -> new long[heap.length])[hour]
                            += Long.parseLong(matcher.group(1));
                }
            }
            System.gc();
            heap[hour] = ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
        }

        private static String histogram() {
            try {
                return (String) ManagementFactory.getPlatformMBeanServer().invoke(
                        new ObjectName("com.sun.management:type=DiagnosticCommand"), "gcClassHistogram",
                        new Object[] {new String[0]}, new String[] {String[].class.getName()});
            } catch (JMException e) {
                throw new IllegalStateException(e);
            }
        }

        long objects(int hour) {
            return objects.values().stream().mapToLong(counts -> counts[hour]).sum();
        }

        /** Compares the last five hours with the five after the first. */
        void expectFlat() {
            long before = medianHeap(1);
            long after = medianHeap(heap.length - 5);
            System.out.printf("median heap of hours 2 to 6 %,d octets, of the last five %,d%n", before, after);
            assertTrue(after - before < OCTETS, () -> "the heap grew from " + before + " to " + after);
            objects.forEach((kind, counts) -> {
                long most = Arrays.stream(counts, 1, 6).max().orElseThrow();
                long least = Arrays.stream(counts, counts.length - 5, counts.length).min().orElseThrow();
                assertTrue(least <= most + OBJECTS, () -> kind + ": " + Arrays.toString(counts));
            });
        }

        private long medianHeap(int from) {
            return Arrays.stream(heap, from, from + 5).sorted().skip(2).findFirst().orElseThrow();
        }
    }

    @Test
    void aTunnelAtTheDefaultLifetimesLivesForADayUnderTrafficAndNothingGrows() {
        double rate = Double.parseDouble(System.getProperty("jkipsec.mbits", "2")) * 1e6;
        int hours = Integer.getInteger("jkipsec.hours", 24);
        long begun = System.nanoTime();
        var scenario = new Scenario(20_260_101);
        Peer alice = scenario.alice();
        Peer gateway = scenario.gateway();
        GatewayTunnel atDevice = alice.tunnels().get(0);
        GatewayTunnel atGateway = gateway.tunnels().get(0);
        scenario.network().link(Link.lossy(LOSS));
        var traffic = new SteadyTraffic(scenario, alice, rate);
        var samples = new Samples(hours);
        for (int hour = 1; hour <= hours; hour++) {
            anHour(scenario.world(), traffic);
            assertTrue(traffic.settle(300 * World.SECOND), () -> "after " + traffic + " more is under way");
            // What is remembered for some minutes only, such as connections in TIME-WAIT, goes.
            scenario.world().runFor(300 * World.SECOND);
            // Should a rekeying be under way just now, its end is not far.
            scenario.world().runUntil(
                    () -> alice.gateway().ikeSaCount() == 1 && gateway.gateway().ikeSaCount() == 1, 60 * World.SECOND);
            assertEquals(List.of(atDevice), alice.tunnels(), () -> "" + alice.causeOf(atDevice));
            assertEquals(List.of(atGateway), gateway.tunnels(), () -> "" + gateway.causeOf(atGateway));
            assertEquals(0, alice.tunnelsEnded() + gateway.tunnelsEnded());
            samples.take(hour - 1);
            System.out.printf("hour %2d: heap %,d octets; %,d objects; connections %d and %d; IKE SAs %d"
                    + " and %d; rekeyings %d IKE, %d Child; %s%n", hour, samples.heap[hour - 1],
                    samples.objects(hour - 1), atDevice.tcp().connectionCount(), atGateway.tcp().connectionCount(),
                    alice.gateway().ikeSaCount(), gateway.gateway().ikeSaCount(), alice.rekeys("ike"),
                    alice.rekeys("child"), traffic);
            assertEquals(1, atDevice.tcp().connectionCount());
            assertEquals(1, atGateway.tcp().connectionCount());
            assertEquals(1, alice.gateway().ikeSaCount());
            assertEquals(1, gateway.gateway().ikeSaCount());
        }
        double elapsed = scenario.world().now() / 1e9;
        System.out.printf("%s of virtual time in %s; %.2f Mbit/s down, %.2f up; drops %s and %s%n",
                Duration.ofSeconds((long) elapsed), Duration.ofNanos(System.nanoTime() - begun).truncatedTo(
                        ChronoUnit.SECONDS), traffic.received()[0] * 8 / elapsed / 1e6,
                traffic.received()[1] * 8 / elapsed / 1e6, alice.drops(), gateway.drops());
        expectRekeyings(alice, gateway, elapsed);
        samples.expectFlat();
    }

    /** 55 minutes of traffic: a burst every 10, a short connection every one. */
    private static void anHour(World world, SteadyTraffic traffic) {
        traffic.start();
        for (int minute = 0; minute < 55; minute++) {
            if (minute % 10 == 0) {
                traffic.burst(BURST);
            }
            traffic.exchange();
            world.runFor(60 * World.SECOND);
        }
    }

    /** Lifetimes of 4 hours and 1 hour end up to a tenth earlier, at whichever side has the earlier end. */
    private static void expectRekeyings(Peer alice, Peer gateway, double seconds) {
        expect("IKE", alice.rekeys("ike"), seconds / 14_400);
        expect("Child", alice.rekeys("child"), seconds / 3_600);
        assertEquals(alice.rekeys("ike"), gateway.rekeys("ike"));
        assertEquals(alice.rekeys("child"), gateway.rekeys("child"));
    }

    private static void expect(String which, int rekeyings, double lifetimes) {
        assertTrue(rekeyings >= Math.floor(lifetimes) && rekeyings <= Math.ceil(lifetimes / 0.9),
                () -> rekeyings + " " + which + " rekeyings in " + lifetimes + " lifetimes");
    }
}
