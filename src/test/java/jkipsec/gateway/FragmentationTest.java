package jkipsec.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import jkipsec.gateway.FragmentationScenario.Sent;
import jkipsec.ike.IkePolicy;
import jkipsec.ike.IkePolicy.Fragmentation.Mode;
import jkipsec.sim.Link;
import jkipsec.sim.Scenario;
import jkipsec.sim.World;
import org.junit.jupiter.api.Test;

/** IKE fragmentation (RFC 7383) between whole endpoints in virtual time. */
class FragmentationTest {
    private static final IkePolicy SUPPORTED = Scenario.CLASSIC;
    private static final IkePolicy OFF = mode(Mode.OFF);
    private static final IkePolicy FORCED = mode(Mode.FORCED);
    private static final int SMALL = 5;
    private static final int LARGE = 1_000;
    private static final int FEW = 1;
    private static final int MANY = 120;

    private static IkePolicy mode(Mode mode) {
        return SUPPORTED.withFragmentation(SUPPORTED.fragmentation().withMode(mode));
    }

    private static IkePolicy datagram(int octets) {
        return SUPPORTED.withFragmentation(SUPPORTED.fragmentation().withDatagram(octets));
    }

    private static int largest(List<Sent> sent) {
        return sent.stream().mapToInt(message -> message.octets().length + 4 + 28).max().orElseThrow();
    }

    @Test
    void section2_4_messagesThatFitAreNotDivided() {
        var world = new FragmentationScenario(1, SUPPORTED, SUPPORTED, FEW);
        assertTrue(world.connects(SMALL, 1));
        assertEquals(List.of(), world.fragments());
        assertEquals(4, world.sent.size());
    }

    @Test
    void messagesTooLargeForADatagramAreDividedInBothDirections() {
        var world = new FragmentationScenario(1, SUPPORTED, SUPPORTED, MANY);
        world.scenario.network().mtu(1_280);
        assertTrue(world.connects(LARGE, 1));
        assertEquals(2, world.fragments().stream().filter(Sent::isResponse).count());
        assertEquals(2, world.fragments().stream().filter(sent -> !sent.isResponse()).count());
        assertTrue(largest(world.sent) <= 1_280);
        assertEquals(MANY, world.device.tunnels().get(0).addresses().dns().size());
        assertTrue(world.gateway.tunnels().get(0).peerIdentity().text().startsWith("a".repeat(LARGE)));
    }

    @Test
    void section2_3_fragmentsAreUsedOnlyWhenBothSidesSaySo() {
        IkePolicy[][] pairs = {{OFF, SUPPORTED}, {SUPPORTED, OFF}, {OFF, FORCED}, {FORCED, OFF}};
        for (IkePolicy[] policies : pairs) {
            var world = new FragmentationScenario(1, policies[0], policies[1], MANY);
            assertTrue(world.connects(LARGE, 1));
            assertEquals(List.of(), world.fragments());
            assertTrue(largest(world.sent) > 1_280, "and so the messages are too large");
        }
    }

    @Test
    void forcedFragmentationDividesEveryProtectedMessageButInformational() {
        var world = new FragmentationScenario(1, FORCED, FORCED, FEW);
        assertTrue(world.connects(SMALL, 1));
        world.device.call(() -> world.device.gateway().close(
                world.device.tunnels().get(0), world.scenario.world().now()));
        world.scenario.world().runFor(World.SECOND);
        assertTrue(world.gateway.tunnels().isEmpty());
        assertEquals(4, world.fragments().size(), "two for each of IKE_AUTH's");
        assertEquals(8, world.sent.size());
        assertEquals(0, world.device.gateway().ikeSaCount());
    }

    @Test
    void anIkeSaThatReplacesAnotherGoesOnUsingFragments() {
        for (boolean byDevice : new boolean[] {true, false}) {
            var world = new FragmentationScenario(1, FORCED, FORCED, FEW);
            assertTrue(world.connects(SMALL, 1));
            world.rekey(byDevice ? world.device : world.gateway);
            world.scenario.world().runFor(5 * World.SECOND);
            world.sent.clear();
            world.rekeyChild(byDevice ? world.gateway : world.device);
            world.scenario.world().runFor(5 * World.SECOND);
            assertEquals(4, world.fragments().size());
            assertEquals(6, world.sent.size(), "CREATE_CHILD_SA in fragments, DELETE of the old one whole");
        }
    }

    @Test
    void aRetransmissionSendsAllFragmentsAgainOctetForOctet() {
        var world = new FragmentationScenario(1, SUPPORTED, SUPPORTED, MANY);
        world.start(LARGE);
        world.scenario.world().runUntil(() -> world.fragments().size() == 2, World.SECOND);
        world.scenario.network().link(new Link(1, 0, World.MILLIS, 0));
        world.scenario.world().runFor(World.SECOND * 3 / 2);
        List<Sent> requests = world.fragments().stream().filter(sent -> !sent.isResponse()).toList();
        assertEquals(4, requests.size());
        assertTrue(requests.get(0).sameAs(requests.get(2)) && requests.get(1).sameAs(requests.get(3)));
        List<Sent> responses = world.fragments().stream().filter(Sent::isResponse).toList();
        assertEquals(2, responses.size());
        world.scenario.network().link(Link.PERFECT);
        assertTrue(world.scenario.world().runUntil(() -> world.device.tunnels().size() == 1, 10 * World.SECOND));
        List<Sent> repeated = world.fragments().stream().filter(Sent::isResponse).toList();
        assertEquals(4, repeated.size(), "section 2.6.1: one answer, although two fragments of the request came again");
        assertTrue(repeated.get(2).sameAs(responses.get(0)) && repeated.get(3).sameAs(responses.get(1)));
        assertEquals(1, world.gateway.tunnels().size());
    }

    @Test
    void section2_5_2_aRequestThatDoesNotGetThroughGoesInSmallerFragments() {
        var world = new FragmentationScenario(1, SUPPORTED, SUPPORTED, MANY);
        world.scenario.network().mtu(600);
        assertTrue(world.connects(LARGE, 30));
        List<Sent> requests = world.fragments().stream().filter(sent -> !sent.isResponse()).toList();
        assertEquals(List.of(2, 3), requests.stream().map(Sent::total).distinct().toList());
        assertTrue(largest(world.fragments().stream().filter(Sent::isResponse).toList()) <= 576,
                "the answer takes its size from the request's fragments");
    }

    @Test
    void aRequestThatWentWholeGoesInFragmentsWhenItDoesNotGetThrough() {
        var world = new FragmentationScenario(1, SUPPORTED, SUPPORTED, FEW);
        world.scenario.network().mtu(600);
        assertTrue(world.connects(500, 30));
        assertTrue(world.fragments().stream().noneMatch(Sent::isResponse), "the answer is small");
    }

    @Test
    void anAnswerThatDoesNotGetThroughGoesInFragmentsAfterAFewRepetitions() {
        var world = new FragmentationScenario(1, SUPPORTED, SUPPORTED, 70);
        world.scenario.network().mtu(600);
        assertTrue(world.connects(SMALL, 30));
        assertTrue(world.fragments().stream().allMatch(Sent::isResponse), "the request is small");
        assertEquals(1, world.gateway.tunnels().size());
    }

    @Test
    void withoutFragmentationTheSamePathIsImpassable() {
        var world = new FragmentationScenario(1, OFF, SUPPORTED, MANY);
        world.scenario.network().mtu(600);
        assertFalse(world.connects(LARGE, 600));
    }

    @Test
    void aPolicyForASmallPathNeedsNoProbing() {
        var world = new FragmentationScenario(1, datagram(500), datagram(500), MANY);
        world.scenario.network().mtu(500);
        assertTrue(world.connects(LARGE, 1));
        assertTrue(largest(world.fragments()) <= 500);
    }

    @Test
    void anIncompleteRequestIsForgottenWithItsHandshake() {
        var world = new FragmentationScenario(1, SUPPORTED, SUPPORTED, FEW);
        world.start(LARGE);
        world.scenario.world().runUntil(() -> world.fragments().size() == 2, World.SECOND);
        world.scenario.network().link(new Link(1, 0, World.MILLIS, 0));
        world.scenario.world().runFor(600 * World.SECOND);
        assertEquals(0, world.device.gateway().ikeSaCount());
        assertTrue(world.gateway.gateway().ikeSaCount() <= 1, "established, for all the gateway knows");
    }
}
