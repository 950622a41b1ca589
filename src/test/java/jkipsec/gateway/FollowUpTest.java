package jkipsec.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import jkipsec.ike.ChildPolicy;
import jkipsec.ike.ChildSa;
import jkipsec.ike.IkePolicy;
import jkipsec.ike.IkeSa;
import jkipsec.ike.Proposals;
import jkipsec.ike.message.ExchangeType;
import jkipsec.sim.Link;
import jkipsec.sim.Peer;
import jkipsec.sim.Scenario;
import jkipsec.sim.World;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Rekeying with additional key exchanges over IKE_FOLLOWUP_KE (RFC 9370 §2.2.4), between two of our own. */
class FollowUpTest {
    private static final IkePolicy TWO = IkePolicy.defaults().withIkeProposals(
            Proposals.ike("aes256gcm16-prfsha256-x25519-ke1_mlkem768-ke2_ecp384"));
    private static final IkePolicy PFS = TWO
            .withChildren(TWO.children().withPfs(ChildPolicy.Pfs.WANTED))
            .withRetransmission(new IkePolicy.Retransmission(
                    Duration.ofSeconds(1), 1.5, Duration.ofSeconds(4), 40));

    /** The requests that replace an SA: made, both additional key exchanges, the old one deleted. */
    private static final List<Integer> REPLACED = List.of(
            ExchangeType.CREATE_CHILD_SA, ExchangeType.IKE_FOLLOWUP_KE, ExchangeType.IKE_FOLLOWUP_KE,
            ExchangeType.INFORMATIONAL);

    private final List<Integer> exchanges = new ArrayList<>();
    private Scenario scenario;
    private Peer device;

    private void connect(IkePolicy policy) {
        scenario = new Scenario(1, policy, "10.8.0.0/24");
        device = scenario.device();
        scenario.connect(device, Scenario.as("alice", "secret", policy));
        assertTrue(scenario.world().runUntil(() -> device.tunnels().size() == 1, 5 * World.SECOND));
        scenario.network().tap((from, to, octets) -> {
            boolean ike = octets.length > 28 && Arrays.equals(new byte[4], Arrays.copyOf(octets, 4));
            boolean request = ike && (octets[23] & 0x20) == 0;
            if (request && (exchanges.isEmpty() || octets[20] != 53 || octets[37] == 1)) {
                exchanges.add((int) octets[22]);
            }
        });
    }

    private Peer side(boolean byDevice) {
        return byDevice ? device : scenario.gateway();
    }

    private static IkeSa ike(Peer peer) {
        return peer.tunnels().get(0).ike();
    }

    private static ChildSa child(Peer peer) {
        return ike(peer).sendingChild().orElseThrow();
    }

    private void pingsPass() {
        for (Peer peer : List.of(device, scenario.gateway())) {
            int before = peer.pingsAnswered();
            peer.call(() -> peer.tunnels().get(0).ping(8));
            scenario.world().runFor(World.SECOND);
            assertEquals(before + 1, peer.pingsAnswered());
        }
    }

    private void oneOfEachIsLeftAndCarriesPings() {
        assertEquals(1, ike(device).usableChildren());
        assertEquals(1, device.gateway().ikeSaCount());
        assertEquals(1, scenario.gateway().gateway().ikeSaCount());
        pingsPass();
    }

    /** One side replaces the IKE SA, or the Child SA. */
    private void rekey(Peer peer, boolean ike) {
        peer.call(() -> {
            if (ike) {
                ike(peer).rekey(scenario.world().now());
            } else {
                ike(peer).rekeyChild(scenario.world().now());
            }
            peer.gateway().touched(peer.tunnels().get(0));
        });
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void anIkeSaIsReplacedWithEveryKeyExchangeAgain(boolean byDevice) {
        connect(TWO);
        IkeSa before = ike(device);
        rekey(side(byDevice), true);
        scenario.world().runFor(5 * World.SECOND);
        assertEquals(REPLACED, exchanges);
        assertNotSame(before, ike(device));
        for (Peer peer : List.of(device, scenario.gateway())) {
            assertTrue(peer.tunnels().get(0).ikeSuite().endsWith("CURVE25519 and ML_KEM_768 and ECP_384"));
        }
        pingsPass();
        // And once more, by keys of the new one's.
        rekey(side(!byDevice), true);
        scenario.world().runFor(5 * World.SECOND);
        pingsPass();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aChildSaIsReplacedWithEveryKeyExchangeOfTheIkeSa(boolean byDevice) {
        connect(PFS);
        ChildSa before = child(device);
        rekey(side(byDevice), false);
        scenario.world().runFor(5 * World.SECOND);
        assertEquals(REPLACED, exchanges);
        assertNotSame(before, child(device));
        assertEquals("[ML_KEM_768, ECP_384]",
                child(device).algorithms().keyExchanges().orElseThrow().additional().values().toString());
        assertEquals(child(device).algorithms(), child(scenario.gateway()).algorithms());
        pingsPass();
    }

    @Test
    void whoDoesNotGoOnIsForgottenAndTheOldOneStays() {
        connect(PFS);
        GatewayTunnel atDevice = device.tunnels().get(0);
        for (boolean ike : new boolean[] {true, false}) {
            exchanges.clear();
            ChildSa before = child(scenario.gateway());
            rekey(device, ike);
            assertTrue(scenario.world().runUntil(
                    () -> exchanges.contains(ExchangeType.IKE_FOLLOWUP_KE), 5 * World.SECOND));
            scenario.network().link(new Link(1, 0, World.MILLIS, 0));
            // The gateway gives it up after 30 s, the device goes on to ask for longer.
            scenario.world().runFor(31 * World.SECOND);
            scenario.network().link(Link.PERFECT);
            scenario.world().runFor(120 * World.SECOND);
            assertEquals(1, device.tunnels().size(), () -> device.causeOf(atDevice) + " " + device.drops());
            assertTrue(ike || child(scenario.gateway()) != before, "it is tried again");
            oneOfEachIsLeftAndCarriesPings();
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void section2_8_whenBothBeginAtOnceOneGoesOn(boolean ike) {
        connect(PFS);
        for (boolean byDevice : new boolean[] {true, false}) {
            rekey(side(byDevice), ike);
        }
        scenario.world().runFor(200 * World.SECOND);
        assertEquals(2, exchanges.stream().filter(type -> type == ExchangeType.CREATE_CHILD_SA).count());
        assertEquals(2, exchanges.stream().filter(type -> type == ExchangeType.IKE_FOLLOWUP_KE).count(),
                "whoever lost does not go on");
        oneOfEachIsLeftAndCarriesPings();
    }
}
