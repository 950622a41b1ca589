package jkipsec.gateway;

import static jkipsec.gateway.AuthMessages.AUTH;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import jkipsec.bytes.Octets;
import jkipsec.ike.AuthRequest;
import jkipsec.ike.AuthVerdict;
import jkipsec.ike.IkePolicy;
import jkipsec.ike.Liveness;
import jkipsec.ike.TerminationCause;
import jkipsec.ike.message.ExchangeType;
import jkipsec.ike.message.IdPayload;
import jkipsec.ike.message.NotifyPayload;
import jkipsec.ike.message.NotifyType;
import jkipsec.ike.message.Payload;
import jkipsec.sim.Scenario;
import jkipsec.sim.ScriptedInitiator;
import jkipsec.sim.ScriptedSa.Envelope;
import jkipsec.sim.World;
import org.junit.jupiter.api.Test;

/** IKE_AUTH requests at the wrong time, in the wrong place, and while the application still decides. */
class HostileSequenceTest {
    private static final AuthVerdict ALICE_MAY = new AuthVerdict.Approved(Scenario.key("secret"));

    private final List<AuthRequest> asked = new ArrayList<>();

    /** A gateway whose application decides only when the test says so. */
    private Scenario undecided(long seed) {
        var scenario = new Scenario(seed);
        scenario.gateway().authenticator(request -> {
            asked.add(request);
            return null;
        });
        return scenario;
    }

    @Test
    void section2_3_nothingElseIsTakenWhileTheApplicationDecides() {
        Scenario scenario = undecided(1);
        ScriptedInitiator device = new ScriptedInitiator(scenario).initiated();
        byte[] request = device.sa().seal(AUTH, device.authPayloads());
        assertEquals(List.of(), device.sendMarked(request));
        assertEquals(List.of(), device.sendMarked(request));
        assertEquals(1, scenario.gateway().drops("ike.IN_PROGRESS"));
        assertEquals(List.of(), device.send(Envelope.request(ExchangeType.INFORMATIONAL, 2), List.of()));
        assertEquals(List.of(), device.send(Envelope.request(ExchangeType.IKE_AUTH, 2), device.authPayloads()));
        assertEquals(1, asked.size(), "the application is asked once");
        scenario.gateway().decide(asked.get(0), ALICE_MAY);
        scenario.world().runFor(World.SECOND / 10);
        byte[] answer = ScriptedInitiator.unmark(device.received().get(0));
        assertEquals(1, Octets.i32(answer, 20), "the message ID of the request");
        assertEquals(ExchangeType.IKE_AUTH, answer[18]);
        assertEquals(1, scenario.gateway().tunnels().size());
    }

    @Test
    void section2_15_nobodyBecomesAnotherByASecondRequestUnderTheFirstOnesVerdict() {
        Scenario scenario = undecided(2);
        ScriptedInitiator device = new ScriptedInitiator(scenario).initiated();
        device.send(AUTH, device.authPayloads());
        IdPayload bob = ScriptedInitiator.id(true, "bob");
        device.send(Envelope.request(ExchangeType.IKE_AUTH, 2), AuthMessages.replace(
                AuthMessages.mutable(device.authPayloads()), bob, device.auth(bob, "secret")));
        scenario.gateway().decide(asked.get(0), ALICE_MAY);
        scenario.world().runFor(World.SECOND);
        assertEquals(List.of("alice"), scenario.gateway().tunnels().stream()
                .map(tunnel -> tunnel.peerIdentity().text())
                .toList());
    }

    @Test
    void anAuthenticatorThatNeverAnswersIsAFailureAtTheLimit() {
        Scenario scenario = undecided(3);
        ScriptedInitiator device = new ScriptedInitiator(scenario).initiated();
        device.send(AUTH, device.authPayloads());
        long limit = IkePolicy.defaults().limits().decisions().time().toNanos();
        scenario.world().runFor(limit - World.SECOND);
        assertEquals(0, device.received().size());
        scenario.world().runFor(2 * World.SECOND);
        assertEquals(
                List.of(NotifyPayload.of(NotifyType.AUTHENTICATION_FAILED)),
                device.open(ScriptedInitiator.unmark(device.received().get(0))));
        assertInstanceOf(TerminationCause.AuthenticationFailed.class, scenario.gateway().failedHandshakes().get(0));
        scenario.gateway().decide(asked.get(0), ALICE_MAY);
        scenario.world().runFor(World.SECOND);
        assertTrue(scenario.gateway().tunnels().isEmpty(), "a late decision changes nothing");
        scenario.world().runFor(20 * World.SECOND);
        assertEquals(0, scenario.gateway().gateway().ikeSaCount());
    }

    @Test
    void section2_1_anotherRequestUnderTheSameMessageIdChangesNothing() {
        var scenario = new Scenario(4);
        ScriptedInitiator device = new ScriptedInitiator(scenario).initiated();
        byte[] request = device.sa().seal(AUTH, device.authPayloads());
        byte[] answer = device.sendMarked(request).get(0);
        assertEquals(List.of(), device.send(AUTH, List.of()));
        assertEquals(1, scenario.gateway().drops("ike.CHANGED_REPEAT"));
        assertArrayEquals(answer, device.sendMarked(request).get(0));
        assertEquals(1, scenario.gateway().tunnels().size());
    }

    @Test
    void section2_23_aDeviceThatStaysOnPort500GetsNoChildSa() {
        var scenario = new Scenario(5);
        ScriptedInitiator device = new ScriptedInitiator(scenario).initiated();
        List<byte[]> answers = device.sendBare(device.sa().seal(AUTH, device.authPayloads()));
        assertEquals(2, answers.size(), "the answer, then DELETE");
        List<Payload> answer = device.open(answers.get(0));
        assertEquals(NotifyPayload.of(NotifyType.NO_PROPOSAL_CHOSEN), answer.get(2));
        assertTrue(scenario.gateway().tunnels().isEmpty());
    }

    @Test
    void section1_2_ikeAuthBeforeTheKeysAreThereIsDropped() {
        long responderSpi = Octets.i64(new ScriptedInitiator(new Scenario(6)).initiated().initResponse(), 8);
        var scenario = new Scenario(6); // the same seed makes the same SPIs
        var device = new ScriptedInitiator(scenario);
        byte[] early = device.init(List.of());
        Octets.put64(early, 8, responderSpi);
        early[18] = ExchangeType.IKE_AUTH;
        early[23] = 1;
        scenario.network().inject(
                ScriptedInitiator.IKE, Scenario.GATEWAY_IKE, early, World.MILLIS + World.MILLIS / 2);
        device.initiated();
        assertEquals(1, scenario.gateway().drops("ike.UNEXPECTED_EXCHANGE"));
        device.only(device.send(AUTH, device.authPayloads()));
        assertEquals(1, scenario.gateway().tunnels().size());
    }

    @Test
    void section2_1_aHandshakeThatFailedLeavesRoomForTheNextUnderTheSameSpi() {
        var scenario = new Scenario(7);
        ScriptedInitiator device = new ScriptedInitiator(scenario).initiated();
        device.only(device.send(AUTH, List.of()));
        device.initiated();
        device.only(device.send(AUTH, device.authPayloads()));
        assertEquals(1, scenario.gateway().tunnels().size());
    }

    @Test
    void section2_6_aDeviceThatIsConnectedOrWasRefusedNoLongerCountsAsHalfOpen() {
        var defaults = IkePolicy.defaults().limits();
        var limits = new IkePolicy.Limits(
                IkePolicy.HalfOpen.withoutCookies(1), defaults.handshake(), defaults.decisions(), 10, 10);
        IkePolicy policy = IkePolicy.defaults().withLimits(limits)
                .withLiveness(Liveness.defaults().withSecondLogin(Liveness.SecondLogin.KEEP));
        var scenario = new Scenario(8, policy, "10.8.0.0/24");
        for (int i = 0; i < 6; i++) {
            var device = new ScriptedInitiator(scenario);
            device.spi += i;
            device.initiated();
            device.only(device.send(AUTH, i % 2 == 0 ? device.authPayloads() : List.of()));
        }
        assertEquals(3, scenario.gateway().tunnels().size());
        assertEquals(0, scenario.gateway().drops("ike.HALF_OPEN_LIMIT"));
    }
}
