package jkipsec.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import jkipsec.crypto.CipherSuite;
import jkipsec.crypto.KeyExchangeMethod;
import jkipsec.ike.ChildPolicy;
import jkipsec.ike.Identification;
import jkipsec.ike.IkePolicy;
import jkipsec.ike.IkeProposal;
import jkipsec.ike.Proposals;
import jkipsec.ike.TerminationCause;
import jkipsec.ip.Endpoint;
import jkipsec.sim.Peer;
import jkipsec.sim.Scenario;
import jkipsec.sim.World;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whole handshakes in virtual time, between a gateway and devices that are both this library. */
class HandshakeTest {
    private static final IkePolicy DEFAULTS = IkePolicy.defaults();

    @Test
    void aDeviceConnectsAndGetsTheFirstFreeAddress() {
        var scenario = new Scenario(1);
        Peer alice = scenario.alice();
        GatewayTunnel atDevice = alice.tunnels().get(0);
        GatewayTunnel atGateway = scenario.gateway().tunnels().get(0);
        assertEquals("10.8.0.2", atDevice.localAddress().toString());
        assertEquals("10.8.0.1", atDevice.remoteAddress().toString());
        assertEquals("10.8.0.2", atGateway.remoteAddress().toString());
        assertEquals("alice", atGateway.peerIdentity().text());
        assertEquals("vpn.example.com", atDevice.peerIdentity().text());
        assertEquals("1.1.1.1", atDevice.addresses().dns().get(0).toString());
        assertEquals(CipherSuite.AES_GCM_16_256 + ", ESN", atGateway.childSuite());
        assertEquals(4500, atGateway.peer().port());
    }

    @Test
    void theGatewaysOrderOfPreferenceDecidesTheSuite() {
        var scenario = new Scenario(2);
        Peer device = scenario.device();
        IkePolicy reversed = DEFAULTS.withSuites(
                List.of(CipherSuite.AES_CBC_256_HMAC_SHA2_256_128, CipherSuite.AES_GCM_16_256));
        connect(scenario, device, Scenario.as("alice", "secret", reversed));
        assertEquals(CipherSuite.AES_GCM_16_256 + ", ESN", device.tunnels().get(0).childSuite());
    }

    @Test
    void aDeviceWithOnlyAesCbcConnects() {
        var scenario = new Scenario(3);
        Peer device = scenario.device();
        IkePolicy cbc = DEFAULTS.withSuites(List.of(CipherSuite.AES_CBC_256_HMAC_SHA2_256_128));
        connect(scenario, device, Scenario.as("alice", "secret", cbc));
        assertEquals(
                CipherSuite.AES_CBC_256_HMAC_SHA2_256_128 + ", ESN",
                scenario.gateway().tunnels().get(0).childSuite());
    }

    @Test
    void aDeviceWithOnlyGroup14Connects() {
        var scenario = new Scenario(4);
        Peer device = scenario.device();
        connect(scenario, device, Scenario.as(
                "alice", "secret", DEFAULTS.withGroups(List.of(KeyExchangeMethod.MODP_2048))));
        assertEquals(1, scenario.gateway().tunnels().size());
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "aes256gcm16-x25519", "aes128gcm16-ecp256", "aes192gcm16-ecp384", "chacha20poly1305-modp2048",
        "aes128-sha256-x25519", "aes256-sha384-prfsha256-ecp384", "aes256-sha512-prfsha256-modp2048",
        "aes256gcm16-mlkem768",
    })
    void everySuiteAndGroupConnectsCarriesTrafficAndIsRekeyed(String proposal) {
        IkePolicy policy = DEFAULTS.withIkeProposals(Proposals.ike(proposal))
                .withEspSuites(Proposals.ike(proposal).stream().map(IkeProposal::suite).toList())
                .withChildren(new ChildPolicy(ChildPolicy.Pfs.WANTED, ChildPolicy.SequenceNumbers.EITHER));
        var scenario = new Scenario(9, policy, "10.8.0.0/24");
        Peer device = scenario.device();
        connect(scenario, device, Scenario.as("alice", "secret", policy));
        GatewayTunnel tunnel = device.tunnels().get(0);
        assertEquals(policy.espSuites().get(0) + ", ESN", tunnel.childSuite());
        assertTrue(tunnel.ikeSuite().contains(policy.groups().get(0).toString()), tunnel.ikeSuite());
        device.call(() -> tunnel.ping(1));
        assertTrue(scenario.world().runUntil(() -> device.pingsAnswered() == 1, 5 * World.SECOND));
        device.call(() -> tunnel.ike().rekeyChild(scenario.world().now()));
        scenario.world().runFor(5 * World.SECOND);
        device.call(() -> tunnel.ike().rekey(scenario.world().now()));
        scenario.world().runFor(5 * World.SECOND);
        device.call(() -> tunnel.ping(2));
        assertTrue(scenario.world().runUntil(() -> device.pingsAnswered() == 2, 5 * World.SECOND));
        assertEquals(1, scenario.gateway().tunnels().size());
    }

    @Test
    void aWrongGuessOfTheGroupIsCorrectedByInvalidKePayload() {
        var scenario = new Scenario(5);
        Peer device = scenario.device();
        var inits = new ArrayList<byte[]>();
        scenario.network().tap((from, to, octets) -> {
            if (to.equals(Scenario.GATEWAY_IKE)) {
                inits.add(octets);
            }
        });
        connect(scenario, device, Scenario.as("alice", "secret", DEFAULTS.withGroups(
                List.of(KeyExchangeMethod.MODP_2048, KeyExchangeMethod.ECP_256))));
        assertEquals(2, inits.size(), "the first IKE_SA_INIT is answered INVALID_KE_PAYLOAD, the second is taken");
    }

    @Test
    void wrongKeyUnknownNameAndWrongGatewayNameAreAuthenticationFailures() {
        for (String[] who : new String[][] {{"alice", "wrong"}, {"mallory", "secret"}}) {
            var scenario = new Scenario(6);
            Peer device = scenario.device();
            GatewayTunnel tunnel = scenario.connect(device, Scenario.as(who[0], who[1], DEFAULTS));
            scenario.world().runUntil(() -> device.causeOf(tunnel).isPresent(), 60 * World.SECOND);
            assertInstanceOf(TerminationCause.AuthenticationFailed.class, device.causeOf(tunnel).orElseThrow());
            assertInstanceOf(
                    TerminationCause.AuthenticationFailed.class, scenario.gateway().failedHandshakes().get(0));
            assertTrue(scenario.gateway().tunnels().isEmpty());
        }
        var scenario = new Scenario(7);
        Peer device = scenario.device();
        InitiatorConfig config = Scenario.as("alice", "secret", DEFAULTS);
        GatewayTunnel tunnel = scenario.connect(device, new InitiatorConfig(
                config.serverIke(), config.serverNatT(), config.local(),
                Optional.of(Identification.of("other.example.com")), config.login(), config.policy()));
        scenario.world().runUntil(() -> device.causeOf(tunnel).isPresent(), 60 * World.SECOND);
        assertInstanceOf(TerminationCause.AuthenticationFailed.class, device.causeOf(tunnel).orElseThrow());
    }

    @Test
    void nothingInCommonIsNoProposalChosen() {
        var scenario = new Scenario(8, DEFAULTS.withSuites(List.of(CipherSuite.AES_GCM_16_256)), "10.8.0.0/24");
        Peer device = scenario.device();
        GatewayTunnel tunnel = scenario.connect(device, Scenario.as("alice", "secret",
                DEFAULTS.withSuites(List.of(CipherSuite.AES_CBC_256_HMAC_SHA2_256_128))));
        scenario.world().runUntil(() -> device.causeOf(tunnel).isPresent(), 60 * World.SECOND);
        var cause = assertInstanceOf(
                TerminationCause.NegotiationFailed.class, device.causeOf(tunnel).orElseThrow());
        assertEquals("NO_PROPOSAL_CHOSEN", cause.error());
        assertEquals(0, scenario.gateway().gateway().ikeSaCount(), "refused without keeping anything");
    }

    @Test
    void anExhaustedPoolIsInternalAddressFailureAndRecoversWhenADeviceLeaves() {
        var scenario = new Scenario(9, DEFAULTS, "10.8.0.0/30");
        Peer first = scenario.alice();
        Peer second = scenario.device();
        GatewayTunnel refused = scenario.connect(second, Scenario.as("bob", "other secret", DEFAULTS));
        scenario.world().runUntil(() -> second.causeOf(refused).isPresent(), 60 * World.SECOND);
        var cause = assertInstanceOf(
                TerminationCause.NegotiationFailed.class, second.causeOf(refused).orElseThrow());
        assertEquals("INTERNAL_ADDRESS_FAILURE", cause.error());
        first.call(() -> first.gateway().close(first.tunnels().get(0), scenario.world().now()));
        scenario.world().runFor(World.SECOND);
        connect(scenario, second, Scenario.as("bob", "other secret", DEFAULTS));
        assertEquals("10.8.0.2", second.tunnels().get(0).localAddress().toString());
    }

    @Test
    void deleteFromEitherSideEndsTheTunnelAtBothAndLeavesNothing() {
        for (boolean byDevice : new boolean[] {true, false}) {
            var scenario = new Scenario(10);
            Peer alice = scenario.alice();
            Peer closer = byDevice ? alice : scenario.gateway();
            Peer other = byDevice ? scenario.gateway() : alice;
            GatewayTunnel closed = closer.tunnels().get(0);
            GatewayTunnel told = other.tunnels().get(0);
            closer.call(() -> closer.gateway().close(closed, scenario.world().now()));
            assertInstanceOf(TerminationCause.ClosedLocally.class, closer.causeOf(closed).orElseThrow());
            scenario.world().runFor(60 * World.SECOND);
            assertInstanceOf(TerminationCause.DeletedByPeer.class, other.causeOf(told).orElseThrow());
            for (Peer peer : List.of(alice, scenario.gateway())) {
                assertEquals(0, peer.gateway().ikeSaCount());
                assertEquals(Long.MAX_VALUE, peer.gateway().nextDeadline());
            }
        }
    }

    @Test
    void aSilentGatewayIsUnreachableAfterTheLastTransmission() {
        var scenario = new Scenario(11);
        scenario.network().unbind(Scenario.GATEWAY_IKE);
        Peer device = scenario.device();
        var sent = new int[1];
        scenario.network().tap((from, to, octets) -> sent[0]++);
        GatewayTunnel tunnel = scenario.connect(device, Scenario.as("alice", "secret", DEFAULTS));
        scenario.world().runUntil(() -> device.causeOf(tunnel).isPresent(), 600 * World.SECOND);
        assertEquals(
                new TerminationCause.PeerUnreachable("IKE_SA_INIT", DEFAULTS.retransmission().transmissions()),
                device.causeOf(tunnel).orElseThrow());
        assertEquals(DEFAULTS.retransmission().transmissions(), sent[0]);
        assertEquals(0, device.gateway().ikeSaCount());
    }

    @Test
    void aHalfOpenHandshakeExpiresAndIsForgotten() {
        var scenario = new Scenario(12);
        Peer device = scenario.device();
        scenario.network().unbind(Scenario.GATEWAY_NAT_T);
        scenario.connect(device, Scenario.as("alice", "secret", DEFAULTS));
        scenario.world().runFor(World.SECOND);
        assertEquals(1, scenario.gateway().gateway().ikeSaCount());
        scenario.world().runFor(120 * World.SECOND);
        assertEquals(0, scenario.gateway().gateway().ikeSaCount());
        assertEquals(new TerminationCause.Expired("IKE_AUTH"), scenario.gateway().failedHandshakes().get(0));
    }

    @Test
    void aRepeatedRequestGetsTheIdenticalAnswerAndCreatesNothing() {
        var scenario = new Scenario(13);
        var toGateway = new ArrayList<Object[]>();
        var answers = new ArrayList<byte[]>();
        scenario.network().tap((from, to, octets) -> {
            if (from.equals(Scenario.GATEWAY_IKE) || from.equals(Scenario.GATEWAY_NAT_T)) {
                answers.add(octets);
            } else {
                toGateway.add(new Object[] {from, to, octets});
            }
        });
        scenario.alice();
        int last = toGateway.size() - 1;
        assertEquals(last, answers.size() - 1);
        Object[] auth = toGateway.get(last);
        scenario.network().inject((Endpoint) auth[0], (Endpoint) auth[1], (byte[]) auth[2], 0);
        scenario.world().runFor(World.SECOND);
        assertEquals(last + 2, answers.size());
        assertTrue(Arrays.equals(answers.get(last), answers.get(last + 1)), "octet for octet");
        assertEquals(1, scenario.gateway().tunnels().size());
    }

    @Test
    void pingsAreAnsweredBothWays() {
        var scenario = new Scenario(14);
        Peer alice = scenario.alice();
        for (Peer peer : List.of(alice, scenario.gateway())) {
            peer.call(() -> peer.tunnels().get(0).ping(1_000));
            scenario.world().runFor(World.SECOND);
            assertEquals(1, peer.pingsAnswered());
        }
    }

    @Test
    void closingWhileTheGatewayDecidesLeavesNoTunnelBehind() {
        var scenario = new Scenario(15);
        Peer device = scenario.device();
        var authSeen = new boolean[1];
        scenario.network().tap((from, to, octets) -> authSeen[0] |= to.equals(Scenario.GATEWAY_NAT_T));
        GatewayTunnel tunnel = scenario.connect(device, Scenario.as("alice", "secret", DEFAULTS));
        scenario.world().runUntil(() -> authSeen[0], World.SECOND);
        device.call(() -> device.gateway().close(tunnel, scenario.world().now()));
        scenario.world().runFor(60 * World.SECOND);
        assertTrue(scenario.gateway().tunnels().isEmpty());
        assertEquals(0, scenario.gateway().gateway().ikeSaCount());
        assertEquals(0, device.gateway().ikeSaCount());
    }

    private static void connect(Scenario scenario, Peer device, InitiatorConfig config) {
        scenario.connect(device, config);
        assertTrue(
                scenario.world().runUntil(() -> device.tunnels().size() == 1, 60 * World.SECOND),
                () -> "not connected: " + device.drops() + scenario.gateway().drops());
    }

    @Test
    void aGatewayThatShutsDownLetsNobodyElseIn() {
        var scenario = new Scenario(16);
        Peer gateway = scenario.gateway();
        gateway.call(() -> gateway.gateway().shutdown(scenario.world().now()));
        Peer late = scenario.device();
        scenario.connect(late, Scenario.as("alice", "secret", DEFAULTS));
        scenario.world().runFor(2 * World.SECOND);
        assertEquals(0, gateway.tunnels().size());
        assertEquals(0, gateway.gateway().ikeSaCount());
    }
}
