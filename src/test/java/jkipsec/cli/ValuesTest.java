package jkipsec.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.time.Duration;
import java.util.List;
import jkipsec.Suite;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

class ValuesTest {
    @Test
    void portsAreWithinTheirRange() throws UsageError {
        assertEquals(1, Values.port("--echo", "1"));
        assertEquals(65_535, Values.port("--echo", "65535"));
        assertEquals(0, Values.bindPort("--ike-port", "0"));
        complains("--echo: '0' is not a port number (1 to 65535)", () -> Values.port("--echo", "0"));
        complains("--echo: '65536' is not a port number (1 to 65535)", () -> Values.port("--echo", "65536"));
        complains("--echo: 'ssh' is not a port number (1 to 65535)", () -> Values.port("--echo", "ssh"));
        complains("--ike-port: '-1' is not a port number, 0 for any free one (0 to 65535)",
                () -> Values.bindPort("--ike-port", "-1"));
    }

    @Test
    void listsOfPortsDropRepetitions() throws UsageError {
        assertEquals(List.of(22, 80), Values.ports("--ports", "22, 80,22"));
        complains("--ports: '' is not a port number (1 to 65535)", () -> Values.ports("--ports", "22,,80"));
    }

    @Test
    void forwardsAreTwoPorts() throws UsageError {
        assertEquals(new Forward(8022, 22), Values.forward("--forward", "8022:22"));
        assertEquals(new Forward(0, 22), Values.forward("--forward", "0:22"));
        complains("--forward: '22' is not LOCALPORT:DEVICEPORT; write for example 8022:22",
                () -> Values.forward("--forward", "22"));
        complains("--forward: '0' is not a port number (1 to 65535)", () -> Values.forward("--forward", "8022:0"));
    }

    @Test
    void addressesAreLiterals() throws UsageError {
        assertEquals("203.0.113.1", Values.address("--bind", "203.0.113.1"));
        assertEquals("::1", Values.address("--bind", "::1"));
        complains("--bind: 'vpn.example.com' is not an IP address; write one such as 203.0.113.1 (names are not looked"
                + " up)", () -> Values.address("--bind", "vpn.example.com"));
    }

    @Test
    void prefixesHaveALength() throws UsageError {
        assertEquals("10.8.0.0/24", Values.prefix("--pool", "10.8.0.0/24"));
        complains("--pool: '10.8.0.0/33' is not a range of addresses; write one such as 10.8.0.0/24",
                () -> Values.prefix("--pool", "10.8.0.0/33"));
    }

    @Test
    void suitesGoByTheirNamesInOrder() throws UsageError {
        assertEquals(List.of(Suite.AES_256_CBC_SHA256, Suite.AES_256_GCM),
                Values.suites("--suites", "aes-256-cbc-sha256,AES_256_GCM"));
        complains("--suites: there is no suite 'aes-265-gcm'; did you mean 'aes-256-gcm'? (suites: aes-256-gcm,"
                + " aes-256-cbc-sha256)", () -> Values.suites("--suites", "aes-265-gcm"));
    }

    @Test
    void secondsMayHaveFractions() throws UsageError {
        assertEquals(Duration.ofMillis(300), Values.seconds("--seconds", "0.3", 60));
        for (String wrong : List.of("0", "-1", "61", "NaN", "soon")) {
            complains("--seconds: '" + wrong + "' is not a number of seconds (0.001 to 60)",
                    () -> Values.seconds("--seconds", wrong, 60));
        }
    }

    private static void complains(String message, Executable parsing) {
        assertEquals(message, assertThrows(UsageError.class, parsing).getMessage());
    }
}
