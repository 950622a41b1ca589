package jkipsec.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import jkipsec.crypto.KeyExchangeMethod;
import jkipsec.ike.ChildPolicy.Pfs;
import jkipsec.ike.ChildSa;
import jkipsec.ike.IkePolicy;
import jkipsec.sim.Peer;
import jkipsec.sim.Scenario;
import jkipsec.sim.World;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Whether Child SAs get a key exchange of their own when they are rekeyed (RFC 7296 §1.3.3). */
class PfsTest {
    private static final IkePolicy DEFAULTS = IkePolicy.defaults();

    private Scenario scenario;
    private Peer device;

    private static IkePolicy with(Pfs pfs) {
        return DEFAULTS.withChildren(DEFAULTS.children().withPfs(pfs));
    }

    private void connect(Pfs atDevice, Pfs atGateway) {
        scenario = new Scenario(1, with(atGateway), "10.8.0.0/24");
        device = scenario.device();
        scenario.connect(device, Scenario.as("alice", "secret", with(atDevice)));
        scenario.world().runFor(5 * World.SECOND);
        assertEquals(1, device.tunnels().size(), "the first Child SA is not refused");
        assertTrue(child(device).algorithms().method().isEmpty());
    }

    private static ChildSa child(Peer peer) {
        return peer.tunnels().get(0).ike().sendingChild().orElseThrow();
    }

    private void rekey(Peer peer) {
        peer.call(() -> peer.tunnels().get(0).ike().rekeyChild(scenario.world().now()));
        scenario.world().runFor(2 * World.SECOND);
    }

    @ParameterizedTest
    @CsvSource({
        "ACCEPTED, ACCEPTED, false", "ACCEPTED, WANTED, false", "WANTED, ACCEPTED, true", "WANTED, WANTED, true",
        "REQUIRED, ACCEPTED, true", "REQUIRED, REQUIRED, true", "WANTED, REQUIRED, true",
    })
    void whoeverRekeysSaysWhetherThereIsAKeyExchange(Pfs ofWhoRekeys, Pfs ofTheOther, boolean exchanged) {
        connect(ofWhoRekeys, ofTheOther);
        rekey(device);
        assertEquals(exchanged, child(device).algorithms().method().isPresent());
        connect(ofTheOther, ofWhoRekeys);
        rekey(scenario.gateway());
        assertEquals(exchanged, child(scenario.gateway()).algorithms().method().isPresent());
        assertTrue(!exchanged || child(scenario.gateway()).algorithms().toString()
                .contains(KeyExchangeMethod.CURVE25519.toString()));
    }

    @Test
    void aRekeyingWithoutOneIsRefusedWhereItIsRequiredAndTheTunnelStays() {
        connect(Pfs.ACCEPTED, Pfs.REQUIRED);
        ChildSa before = child(device);
        rekey(device);
        assertSame(before, child(device));
        rekey(scenario.gateway());
        scenario.gateway().call(() -> scenario.gateway().tunnels().get(0).ping(8));
        scenario.world().runFor(World.SECOND);
        for (Peer peer : List.of(device, scenario.gateway())) {
            assertNotSame(before, child(peer));
            assertTrue(child(peer).algorithms().method().isPresent());
        }
        ChildSa withExchange = child(device);
        scenario.world().runFor(20 * World.SECOND);
        rekey(device);
        assertNotSame(withExchange, child(device), "from now on the device does as the Child SA before was made");
        assertEquals(1, device.tunnels().get(0).ike().usableChildren());
    }
}
