package jkipsec.tcp;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.Comparator;
import java.util.Random;
import java.util.TreeSet;
import jkipsec.ip.Endpoint;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.ShrinkingMode;

/** The send buffer, the reassembly buffer and the deadlines against simple models. */
class TcpBufferProperties {
    @Property(tries = 100, shrinking = ShrinkingMode.OFF)
    void theSendBufferIsAQueueOfOctets(@ForAll long seed) {
        var random = new Random(seed);
        int limit = 1 + random.nextInt(200_000);
        var buffer = new SendBuffer(limit);
        byte[] stream = TcpPair.octets(seed, 2_000_000);
        int head = 0;
        int tail = 0;
        while (tail < stream.length - 50_000) {
            int length = random.nextInt(50_000);
            int taken = buffer.append(stream, tail, length);
            assertEquals(Math.min(length, limit - (tail - head)), taken);
            tail += taken;
            assertEquals(tail - head, buffer.size());
            assertEquals(limit - buffer.size(), buffer.space());
            int from = random.nextInt(buffer.size() + 1);
            byte[] copy = new byte[random.nextInt(buffer.size() - from + 1)];
            buffer.copy(from, copy, 0, copy.length);
            assertArrayEquals(Arrays.copyOfRange(stream, head + from, head + from + copy.length), copy);
            int released = random.nextInt(4) == 0 ? buffer.size() : random.nextInt(buffer.size() + 1);
            buffer.release(released);
            head += released;
            assertTrue(buffer.footprint() < Math.max(8192, 2 * limit));
        }
    }

    @Property(tries = 300, shrinking = ShrinkingMode.OFF)
    void theReassemblyBufferAgreesWithAMapOfOctets(@ForAll long seed) {
        var random = new Random(seed);
        var budget = new MemoryBudget(1 << 24);
        int window = 1 + random.nextInt(random.nextBoolean() ? 100 : 60_000);
        var buffer = new ReassemblyBuffer(budget);
        byte[] stream = TcpPair.octets(seed, 1 << 17);
        int first = random.nextInt(); // the sequence number of the stream's first octet
        boolean[] held = new boolean[stream.length];
        int next = 0;
        for (int i = 0; i < 300 && next + window < stream.length; i++) {
            int start = next + random.nextInt(window);
            int length = 1 + random.nextInt(Math.min(next + window - start, random.nextBoolean() ? 10 : window));
            if (start == next) {
                next += length; // in order: goes around the buffer
                byte[] following = buffer.take(first + next);
                int end = next;
                while (held[end]) {
                    end++;
                }
                assertArrayEquals(Arrays.copyOfRange(stream, next, end), following);
                next = end;
            } else if (buffer.insert(first + next, first + start, stream, start, length)) {
                Arrays.fill(held, start, start + length, true);
            } else {
                assertEquals(ReassemblyBuffer.MAXIMUM_RANGES, buffer.ranges());
            }
            int octets = 0;
            int ranges = 0;
            for (int j = next; j < next + window; j++) {
                octets += held[j] ? 1 : 0;
                ranges += held[j] && !held[j - 1 < next ? j : j - 1] || held[j] && j == next ? 1 : 0;
            }
            assertEquals(octets, buffer.octets());
            assertEquals(octets == 0, buffer.isEmpty());
            int pages = octets / ReassemblyBuffer.PAGE + 2 * ranges;
            assertTrue(buffer.footprint() <= pages * ReassemblyBuffer.PAGE + 16 * ReassemblyBuffer.MAXIMUM_RANGES
                    + Math.max(64, 16 * window / ReassemblyBuffer.PAGE));
            assertTrue(budget.used() <= buffer.footprint());
        }
        buffer.clear();
        assertEquals(0, budget.used());
    }

    @Property(tries = 50, shrinking = ShrinkingMode.OFF)
    void theDeadlineQueueIsInOrder(@ForAll long seed) {
        var random = new Random(seed);
        var stack = new TcpStack(TcpConfig.defaults(), random::nextBytes, action -> { });
        var connections = new TcpConnection[60];
        for (int i = 0; i < connections.length; i++) {
            connections[i] = new TcpConnection(stack,
                    FourTuple.of(ScriptedPeer.HOST, new Endpoint(ScriptedPeer.PEER.address(), i)), null, 0,
                    TcpState.SYN_SENT);
        }
        var queue = new DeadlineQueue();
        var model = new TreeSet<TcpConnection>(Comparator.<TcpConnection>comparingLong(c -> c.queuedDeadline)
                .thenComparingInt(c -> c.remote().port()));
        for (int i = 0; i < 2000; i++) {
            TcpConnection connection = connections[random.nextInt(connections.length)];
            model.remove(connection);
            queue.update(connection, random.nextInt(3) == 0 ? Long.MAX_VALUE : random.nextInt(1000));
            if (connection.queuedDeadline != Long.MAX_VALUE) {
                model.add(connection);
            }
            assertEquals(model.isEmpty() ? Long.MAX_VALUE : model.first().queuedDeadline, queue.earliest());
            assertEquals(model.isEmpty(), queue.first() == null);
        }
    }

    @Property(tries = 500)
    void sequenceNumbersCompareOnTheCircle(@ForAll int a, @ForAll("distances") int distance) {
        int b = a + distance;
        assertEquals(distance > 0, SequenceNumbers.less(a, b));
        assertEquals(distance >= 0, SequenceNumbers.lessOrEqual(a, b));
        assertEquals(distance >= 0 ? b : a, SequenceNumbers.max(a, b));
        assertEquals(distance >= 0 ? a : b, SequenceNumbers.min(a, b));
        assertEquals(distance >= 0 && distance < 1000, SequenceNumbers.inWindow(b, a, 1000));
    }

    @Provide
    Arbitrary<Integer> distances() {
        return Arbitraries.integers().between(Integer.MIN_VALUE + 1, Integer.MAX_VALUE);
    }

    @Example
    void nothingIsInAnEmptyWindow() {
        assertTrue(!SequenceNumbers.inWindow(5, 5, 0));
    }
}
