package jkipsec.cli.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.stream.Collectors;
import jkipsec.Suite;
import jkipsec.Tunnel;
import jkipsec.VpnClient;
import jkipsec.VpnServer;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@Timeout(60)
class RawKeyExchangeTest {
    @ParameterizedTest
    @EnumSource(Suite.class)
    void itDoesWhatTheHandshakesBesideItDo(Suite suite) throws Exception {
        String methods = RawKeyExchange.METHODS.stream().map(Enum::name).collect(Collectors.joining(" and "));
        try (VpnServer server = BenchTunnel.startServer(suite);
                Tunnel device = VpnClient.connect(BenchTunnel.clientConfig(server, suite))) {
            String negotiated = device.ikeSuite();
            assertEquals(methods, negotiated.substring(negotiated.lastIndexOf(", ") + 2));
        }
        assertTrue(RawKeyExchange.rate(Duration.ofMillis(1)) > 0);
    }
}
