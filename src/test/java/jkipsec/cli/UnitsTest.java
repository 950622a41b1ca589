package jkipsec.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class UnitsTest {
    @Test
    void quantitiesHaveFittingUnits() {
        assertEquals("1500 B", Units.octets(1500));
        assertEquals("16.0 MiB", Units.octets(16 << 20));
        assertEquals("97.7 KiB", Units.octets(100_000));
        assertEquals("250 µs", Units.time(Duration.ofNanos(250_000)));
        assertEquals("2.5 ms", Units.time(Duration.ofNanos(2_500_000)));
        assertEquals("1.25 s", Units.time(Duration.ofMillis(1250)));
        assertEquals("800 Mbit/s", Units.rate(100_000_000, Duration.ofSeconds(1)));
    }

    @Test
    void addressesComeWithoutNames() throws UnknownHostException {
        var loopback = InetAddress.getByAddress("localhost", new byte[] {127, 0, 0, 1});
        assertEquals("127.0.0.1:500", Units.literal(new InetSocketAddress(loopback, 500)));
        assertEquals("*:500", Units.literal(new InetSocketAddress("0.0.0.0", 500)));
        assertEquals("*:500", Units.literal(new InetSocketAddress("::", 500)));
        assertEquals("[::1]:500", Units.literal(new InetSocketAddress("::1", 500)));
    }
}
