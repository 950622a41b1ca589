package jkipsec.tcp;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Label;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;

/** Many connections in a memory that is too small for their windows. */
class CrowdedStackProperties {
    @Property(tries = 100, shrinking = ShrinkingMode.OFF)
    @Label("every stream that somebody reads is whole in the end, whatever others do, and the budget holds")
    void streamsSurviveTheCrowd(@ForAll long seed) throws PortInUse {
        run(seed);
    }

    /** What is done with one connection. */
    private record Use(TcpPair.App client, byte[] up, byte[] down, Reader reader) {}

    /** How the accepting end reads. */
    private enum Reader { PROMPT, LATE_TO_REPORT, PAUSES, NEVER }

    static void run(long seed) throws PortInUse {
        var random = new Random(seed);
        int count = 2 + random.nextInt(40);
        int budget = Math.max(1 << 16, count * (8192 + random.nextInt(20_000)));
        TcpConfig config = TcpConfig.defaults().withMemory(64 << 10, budget).withNoDelay(random.nextBoolean())
                .withTimeWait(Duration.ofSeconds(2), Duration.ofMinutes(10));
        var pair = new TcpPair(seed, config);
        for (TcpPair.Side side : List.of(pair.a, pair.b)) {
            side.stack.mtu(1400);
            side.link.delay = random.nextInt(60) * TcpPair.MILLIS;
            side.link.loss = random.nextBoolean() ? 0 : random.nextDouble() * 0.05;
            side.link.jitter = random.nextBoolean() ? 0 : random.nextInt(20) * TcpPair.MILLIS;
        }
        pair.b.listen(80);
        var uses = new ArrayList<Use>();
        for (int i = 0; i < count; i++) {
            uses.add(new Use(pair.a.connect(80), TcpPair.octets(seed + i, random.nextInt(100_000)),
                    TcpPair.octets(seed - i, random.nextInt(100_000)), Reader.values()[random.nextInt(4)]));
            pair.run(random.nextInt(500) * TcpPair.MILLIS);
        }
        pair.run(60 * TcpPair.SECOND);
        for (Use use : uses) {
            TcpPair.App server = server(pair, use);
            use.client.reportsLate = random.nextBoolean();
            server.reportsLate = use.reader == Reader.LATE_TO_REPORT;
            server.consumes = use.reader == Reader.PROMPT || use.reader == Reader.LATE_TO_REPORT;
            use.client.shutdownWhenWritten = true;
            server.shutdownWhenWritten = true;
            pair.a.write(use.client, use.up);
            pair.b.write(server, use.down);
            pair.run(random.nextInt(200) * TcpPair.MILLIS);
        }
        for (int i = 0; i < 40; i++) {
            pair.run(TcpPair.SECOND / 2);
            assertTrue(pair.a.stack.memoryInUse() <= budget && pair.b.stack.memoryInUse() <= budget, "seed " + seed);
        }
        uses.stream().filter(use -> use.reader == Reader.PAUSES).forEach(use -> pair.b.consumeAll(server(pair, use)));
        pair.run(600 * TcpPair.SECOND);
        for (Use use : uses) {
            TcpPair.App server = server(pair, use);
            String which = use.reader + " of " + count + ", seed " + seed + ", " + pair.b.stack.drops();
            if (use.reader == Reader.NEVER) {
                // Who is not read may give up the connection, and with it what still comes the other way.
                assertArrayEquals(Arrays.copyOf(use.down, use.client.receivedLength), use.client.received(), which);
                assertArrayEquals(Arrays.copyOf(use.up, server.receivedLength), server.received(), which);
            } else {
                assertArrayEquals(use.down, use.client.received(), "down, " + which);
                assertArrayEquals(use.up, server.received(), "up, " + which);
            }
        }
        // What nobody read is given up; the peer may have done so long before.
        uses.stream().filter(use -> use.reader == Reader.NEVER).forEach(use -> {
            use.client.connection.abort(pair.now);
            server(pair, use).connection.abort(pair.now);
        });
        pair.run(1_500 * TcpPair.SECOND);
        assertEquals(0, pair.a.stack.memoryInUse() + pair.b.stack.memoryInUse(), "seed " + seed);
        assertEquals(0, pair.a.stack.connectionCount() + pair.b.stack.connectionCount(), "seed " + seed);
    }

    private static TcpPair.App server(TcpPair pair, Use use) {
        return pair.b.accepted.stream()
                .filter(app -> app.connection.remote().equals(use.client.connection.local())).findFirst().orElseThrow();
    }
}
