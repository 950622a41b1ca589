package jkipsec.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import jkipsec.crypto.CipherSuite;
import jkipsec.esp.Sequences;
import jkipsec.ike.ChildPolicy.SequenceNumbers;
import jkipsec.ike.ChildSa;
import jkipsec.ike.IkePolicy;
import jkipsec.sim.Peer;
import jkipsec.sim.Scenario;
import jkipsec.sim.World;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Sequence numbers of 32 and of 64 bits, agreed on by two sides (RFC 4303 §2.2.1, RFC 7296 §3.3.2), and their end. */
class SequenceNumbersTest {
    private static final IkePolicy DEFAULTS = IkePolicy.defaults();

    private Scenario scenario;
    private Peer device;

    private static IkePolicy with(SequenceNumbers accepted) {
        return DEFAULTS.withChildren(DEFAULTS.children().withSequenceNumbers(accepted));
    }

    private void connect(IkePolicy atDevice, IkePolicy atGateway) {
        scenario = new Scenario(1, atGateway, "10.8.0.0/24");
        device = scenario.device();
        scenario.connect(device, Scenario.as("alice", "secret", atDevice));
        scenario.world().runFor(5 * World.SECOND);
    }

    private ChildSa child(Peer peer) {
        return peer.tunnels().get(0).ike().sendingChild().orElseThrow();
    }

    private void expectPings(Peer peer, int count) {
        for (int i = 0; i < count; i++) {
            int before = peer.pingsAnswered();
            peer.call(() -> peer.tunnels().get(0).ping(100));
            scenario.world().runFor(World.SECOND);
            assertEquals(before + 1, peer.pingsAnswered());
        }
    }

    @ParameterizedTest
    @CsvSource({
        "EITHER, EITHER, true", "EITHER, SHORT, false", "SHORT, EITHER, false", "SHORT, SHORT, false",
        "EITHER, EXTENDED, true", "EXTENDED, EITHER, true", "EXTENDED, EXTENDED, true",
    })
    void bothSidesUseWhatBothAcceptAlsoAfterRekeying(SequenceNumbers ours, SequenceNumbers theirs, boolean extended) {
        connect(with(ours), with(theirs));
        for (int i = 0; i < 3; i++) {
            for (Peer peer : List.of(device, scenario.gateway())) {
                assertEquals(extended, child(peer).algorithms().extended());
                assertEquals(extended, peer.tunnels().get(0).childSuite().endsWith("ESN"));
                expectPings(peer, 1);
                peer.call(() -> peer.tunnels().get(0).ike().rekeyChild(scenario.world().now()));
                scenario.world().runFor(World.SECOND);
                expectPings(peer, 1);
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"SHORT, EXTENDED", "EXTENDED, SHORT"})
    void withoutALengthInCommonThereIsNoTunnel(SequenceNumbers ours, SequenceNumbers theirs) {
        connect(with(ours), with(theirs));
        assertTrue(device.tunnels().isEmpty());
        assertTrue(scenario.gateway().tunnels().isEmpty());
    }

    @ParameterizedTest
    @EnumSource
    void extendedNumbersGoOnWhenTheirLowHalfRollsOver(Which suite) {
        IkePolicy policy = DEFAULTS.withSuites(List.of(suite.suite));
        connect(policy, policy);
        ChildSa atDevice = child(device);
        ChildSa atGateway = child(scenario.gateway());
        expectPings(device, 1);
        // In two steps, each of which the receiver can follow: it infers the high half from what it saw last.
        Sequences.skip(atDevice.outbound(), 1L << 31);
        Sequences.skip(atGateway.outbound(), 1L << 31);
        expectPings(device, 1);
        Sequences.skip(atDevice.outbound(), (1L << 32) - 4);
        Sequences.skip(atGateway.outbound(), (1L << 32) - 6);
        expectPings(device, 5);
        expectPings(scenario.gateway(), 5);
        assertEquals((1L << 32) + 6, atGateway.inbound().highestSequence());
        assertEquals((1L << 32) + 4, atDevice.inbound().highestSequence());
        assertSame(atDevice, child(device));
    }

    enum Which {
        GCM(CipherSuite.AES_GCM_16_256),
        CBC(CipherSuite.AES_CBC_256_HMAC_SHA2_256_128),
        CHACHA(CipherSuite.CHACHA20_POLY1305);

        private final CipherSuite suite;

        Which(CipherSuite suite) {
            this.suite = suite;
        }
    }

    @Test
    void shortNumbersAreReplacedLongBeforeTheyRunOut() {
        connect(with(SequenceNumbers.SHORT), with(SequenceNumbers.SHORT));
        ChildSa before = child(device);
        assertFalse(before.algorithms().extended());
        Sequences.skip(before.outbound(), 1L << 31);
        expectPings(device, 1);
        assertSame(before, child(device));
        Sequences.skip(before.outbound(), (3L << 30) - 1);
        expectPings(device, 2);
        assertNotSame(before, child(device));
        expectPings(scenario.gateway(), 2);
        assertEquals(1, device.tunnels().get(0).ike().usableChildren());
    }
}
