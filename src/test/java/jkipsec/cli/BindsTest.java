package jkipsec.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;

class BindsTest {
    @Test
    void theDefaultIsReadable() throws UsageError {
        assertEquals(new Binds("0.0.0.0", 8500, 4501), Binds.parse("JKIPSEC_BINDS", Binds.PROBE_DEFAULT));
    }

    @Test
    void theOrderDoesNotMatter() throws UsageError {
        assertEquals(new Binds("10.0.0.1", 500, 4500), Binds.parse("b", "10.0.0.1:4500/ike4500, 10.0.0.1:500/ike500"));
    }

    @Test
    void anIpv6AddressStandsInBrackets() throws UsageError {
        assertEquals(new Binds("::1", 500, 4500), Binds.parse("b", "[::1]:500/ike500,[::1]:4500/ike4500"));
    }

    @Test
    void whatIsWrongIsNamed() {
        complains("b: '0.0.0.0:500' is not ADDRESS:PORT/ROLE; write for example '" + Binds.PROBE_DEFAULT + "'",
                "0.0.0.0:500");
        complains("b: 'localhost' is not an IP address; write one such as 203.0.113.1 (names are not looked up)",
                "localhost:500/ike500");
        complains("b: 'x' is not a port number, 0 for any free one (0 to 65535)", "0.0.0.0:x/ike500");
        complains("b: there is no role 'ike' (ike500: plain IKE; ike4500: IKE and ESP behind a NAT)",
                "0.0.0.0:500/ike");
        complains("b: '0.0.0.0:500/ike500' lacks a socket with role ike4500; write for example '" + Binds.PROBE_DEFAULT
                + "'", "0.0.0.0:500/ike500");
        complains("b: 'ike500' is there twice; name one socket of each role",
                "0.0.0.0:500/ike500,0.0.0.0:501/ike500");
        complains("b: both sockets must have the same address, and '10.0.0.1' and '10.0.0.2' differ; use 0.0.0.0 to"
                + " listen on all", "10.0.0.1:500/ike500,10.0.0.2:4500/ike4500");
    }

    private static void complains(String message, String text) {
        assertEquals(message, assertThrows(UsageError.class, () -> Binds.parse("b", text)).getMessage());
    }
}
