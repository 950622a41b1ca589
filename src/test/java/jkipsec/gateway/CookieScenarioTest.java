package jkipsec.gateway;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import jkipsec.bytes.MalformedMessage;
import jkipsec.bytes.Octets;
import jkipsec.crypto.KeyExchangeMethod;
import jkipsec.ike.IkePolicy;
import jkipsec.ike.message.ExchangeType;
import jkipsec.ike.message.IkeHeader;
import jkipsec.ike.message.IkeMessage;
import jkipsec.ike.message.NoncePayload;
import jkipsec.ike.message.NotifyPayload;
import jkipsec.ike.message.NotifyType;
import jkipsec.ike.message.Payload;
import jkipsec.ip.Endpoint;
import jkipsec.ip.Ipv4Address;
import jkipsec.sim.Link;
import jkipsec.sim.Offers;
import jkipsec.sim.Peer;
import jkipsec.sim.Scenario;
import jkipsec.sim.ScriptedInitiator;
import jkipsec.sim.World;
import org.junit.jupiter.api.Test;

/** Gateways under load (RFC 7296 §2.6), in virtual time. */
class CookieScenarioTest {
    private static final IkePolicy DEFAULTS = IkePolicy.defaults();

    private static IkePolicy policy(int most, int perSource, int threshold) {
        return DEFAULTS.withLimits(new IkePolicy.Limits(
                new IkePolicy.HalfOpen(most, perSource, threshold),
                Duration.ofSeconds(30), new IkePolicy.Decisions(Duration.ofSeconds(20), 256), 200, 10_000));
    }

    private static Scenario scenario(int most, int perSource, int threshold) {
        return new Scenario(1, policy(most, perSource, threshold), "10.8.0.0/24");
    }

    /** What devices send to the gateway's port 500. */
    private static List<IkeMessage> firstMessages(Scenario scenario) {
        var messages = new ArrayList<IkeMessage>();
        scenario.network().tap((from, to, octets) -> {
            if (to.equals(Scenario.GATEWAY_IKE)) {
                try {
                    messages.add(IkeMessage.parse(octets));
                } catch (MalformedMessage e) {
                    throw new AssertionError(e);
                }
            }
        });
        return messages;
    }

    private static byte[] withCookie(ScriptedInitiator device, byte[] answer) throws MalformedMessage {
        var payloads = new ArrayList<>(device.initPayloads());
        payloads.add(0, IkeMessage.parse(answer).notify(NotifyType.COOKIE).orElseThrow());
        return device.init(payloads);
    }

    @Test
    void aDeviceRepeatsItsRequestWithTheCookieInFrontAndAllElseUnchanged() {
        Scenario scenario = scenario(10, 10, 0);
        List<IkeMessage> sent = firstMessages(scenario);
        scenario.alice();
        assertEquals(2, sent.size());
        List<Payload> second = sent.get(1).payloads();
        assertEquals(NotifyType.COOKIE, ((NotifyPayload) second.get(0)).type());
        assertEquals(sent.get(0).payloads(), second.subList(1, second.size()));
        assertEquals(sent.get(0).header(), sent.get(1).header());
    }

    @Test
    void section2_6_1_theCookieIsKeptWhenTheGroupChanges() {
        Scenario scenario = scenario(10, 10, 0);
        List<IkeMessage> sent = firstMessages(scenario);
        Peer device = scenario.device();
        scenario.connect(device, Scenario.as("alice", "secret", DEFAULTS.withGroups(
                List.of(KeyExchangeMethod.MODP_2048, KeyExchangeMethod.ECP_256))));
        assertTrue(scenario.world().runUntil(() -> device.tunnels().size() == 1, 10 * World.SECOND));
        assertEquals(3, sent.size(), "without, with a cookie, with the same cookie and another group");
        assertEquals(sent.get(1).payloads().get(0), sent.get(2).payloads().get(0));
    }

    @Test
    void theDemandIsTheCookieAloneIsShorterThanTheRequestAndLeavesNothing() throws MalformedMessage {
        Scenario scenario = scenario(10, 10, 0);
        var device = new ScriptedInitiator(scenario);
        byte[] request = device.init(device.initPayloads());
        List<byte[]> answers = device.sendBare(request);
        assertEquals(1, answers.size());
        IkeMessage answer = IkeMessage.parse(answers.get(0));
        assertEquals(new IkeHeader(device.spi, 0, ExchangeType.IKE_SA_INIT, false, true, 0), answer.header());
        assertEquals(1, answer.payloads().size());
        assertTrue(answers.get(0).length <= request.length);
        assertEquals(0, scenario.gateway().gateway().ikeSaCount());
        assertEquals(Long.MAX_VALUE, scenario.gateway().gateway().nextDeadline());
        assertArrayEquals(answers.get(0), device.sendBare(request).get(0), "the same again: nothing was kept");
        byte[] second = withCookie(device, answers.get(0));
        assertTrue(Octets.i64(device.sendBare(second).get(0), 8) != 0, "now the gateway has an SPI");
        assertEquals(1, scenario.gateway().gateway().ikeSaCount());
    }

    @Test
    void aCookieBehindOtherPayloadsIsAsGoodAsNone() throws MalformedMessage {
        Scenario scenario = scenario(10, 10, 0);
        var device = new ScriptedInitiator(scenario);
        byte[] demand = device.sendBare(device.init(device.initPayloads())).get(0);
        var payloads = new ArrayList<>(device.initPayloads());
        payloads.add(1, IkeMessage.parse(demand).notify(NotifyType.COOKIE).orElseThrow());
        assertArrayEquals(demand, device.sendBare(device.init(payloads)).get(0));
    }

    @Test
    void aRequestShorterThanTheDemandGetsNoAnswer() {
        Scenario scenario = scenario(10, 10, 0);
        var device = new ScriptedInitiator(scenario);
        assertEquals(0, device.sendBare(device.init(List.of(new NoncePayload(new byte[16])))).size());
        assertEquals(0, device.sendBare(device.init(List.of())).size());
        assertEquals(2, scenario.gateway().drops("ike.MALFORMED"));
        assertEquals(1, device.sendBare(device.init(List.of(new NoncePayload(new byte[200])))).size());
    }

    @Test
    void whatIsRefusedInTheEndIsRefusedOnlyToThoseWhoProveTheirAddress() throws MalformedMessage {
        Scenario scenario = scenario(10, 10, 0);
        var device = new ScriptedInitiator(scenario);
        var payloads = new ArrayList<>(device.initPayloads());
        payloads.set(0, Offers.gcm(15));
        byte[] demand = device.sendBare(device.init(payloads)).get(0);
        assertTrue(IkeMessage.parse(demand).notify(NotifyType.COOKIE).isPresent());
        payloads.add(0, IkeMessage.parse(demand).notify(NotifyType.COOKIE).orElseThrow());
        byte[] refusal = device.sendBare(device.init(payloads)).get(0);
        assertTrue(IkeMessage.parse(refusal).notify(NotifyType.NO_PROPOSAL_CHOSEN).isPresent());
    }

    @Test
    void aForgedDemandForTheSameCookieOrAnImpossibleOneMakesTheDeviceSendNothing() {
        Scenario scenario = scenario(10, 10, 0);
        Peer device = scenario.device();
        List<IkeMessage> sent = firstMessages(scenario);
        scenario.connect(device, Scenario.as("alice", "secret", DEFAULTS));
        scenario.network().link(new Link(1, 0, World.MILLIS, 0));
        scenario.world().runFor(World.SECOND / 2);
        long spi = sent.get(0).header().initiatorSpi();
        var header = new IkeHeader(spi, 0, ExchangeType.IKE_SA_INIT, false, true, 0);
        for (int length : new int[] {0, 65, 20, 20, 20}) {
            byte[] answer = new IkeMessage(
                    header, List.of(NotifyPayload.of(NotifyType.COOKIE, new byte[length]))).write();
            scenario.network().inject(
                    Scenario.GATEWAY_IKE, Endpoint.parse("198.51.100.1:500"), answer, World.MILLIS);
        }
        scenario.world().runFor(World.SECOND / 10);
        assertEquals(2, sent.size(), "one repetition, for the first cookie of a possible length");
        assertEquals(4, device.drops("ike.UNPROTECTED_ERROR"));
        scenario.network().link(Link.PERFECT);
        assertTrue(scenario.world().runUntil(() -> device.tunnels().size() == 1, 60 * World.SECOND),
                "the gateway's own demand comes through in the end");
    }

    private static final class Flood {
        private final Scenario scenario;
        private final ScriptedInitiator model;
        private final List<Payload> payloads;
        private int sent;

        Flood(Scenario scenario) {
            this.scenario = scenario;
            this.model = new ScriptedInitiator(scenario);
            this.payloads = model.initPayloads();
        }

        /** A request whose source is forged, or that of whoever really sends. */
        void send(Endpoint from) {
            model.spi = 1_000_000L + sent++;
            scenario.network().inject(from, Scenario.GATEWAY_IKE, model.init(payloads), World.MILLIS);
        }

        void spoofed(int perSecond, int seconds) {
            for (int i = 0; i < perSecond * seconds; i++) {
                scenario.world().in(i * World.SECOND / perSecond, () -> send(new Endpoint(
                        new Ipv4Address(scenario.world().chance().nextInt()),
                        1 + scenario.world().chance().nextInt(60_000))));
            }
        }
    }

    @Test
    void aFloodOfForgedSourcesKeepsNobodyOutWhoAnswersTheCookie() {
        var scenario = new Scenario(2, DEFAULTS, "10.8.0.0/24");
        new Flood(scenario).spoofed(5_000, 4);
        scenario.world().runFor(World.SECOND);
        List<IkeMessage> sent = firstMessages(scenario);
        scenario.alice();
        assertTrue(scenario.world().now() < 2 * World.SECOND, "within a second, in the midst of the flood");
        assertEquals(2, sent.stream().filter(m -> m.header().initiatorSpi() > 10_000_000L
                || m.header().initiatorSpi() < 0).count(), "no repetition was needed but the one with the cookie");
        scenario.world().runFor(4 * World.SECOND);
        int threshold = DEFAULTS.limits().halfOpen().cookieThreshold();
        assertTrue(scenario.gateway().gateway().ikeSaCount() <= threshold + 1, "what the flood can make us hold");
        assertTrue(scenario.gateway().drops("ike.COOKIE_DEMANDED") > 19_000);
        scenario.world().runFor(40 * World.SECOND);
        assertEquals(1, scenario.gateway().gateway().ikeSaCount());
    }

    @Test
    void errorsUsedUpByAFloodLeaveCookiesToBeHad() {
        Scenario scenario = scenario(100, 100, 0);
        byte[] unknownSpi = new IkeMessage(
                new IkeHeader(5, 6, ExchangeType.INFORMATIONAL, true, false, 9), List.of()).write();
        for (int i = 0; i < 5_000; i++) {
            scenario.network().inject(
                    new Endpoint(new Ipv4Address(i), 500), Scenario.GATEWAY_IKE, unknownSpi, World.MILLIS);
        }
        scenario.world().runFor(2 * World.MILLIS);
        assertTrue(scenario.gateway().drops("ike.RATE_LIMITED") > 4_000);
        scenario.alice();
        assertTrue(scenario.world().now() < World.SECOND, "at the first attempt");
    }

    @Test
    void oneSourceHasNoMoreThanItsShareAndOthersComeIn() throws MalformedMessage {
        Scenario scenario = scenario(50, 6, 40);
        var attacker = new ScriptedInitiator(scenario);
        for (int i = 0; i < 20; i++) {
            attacker.spi++;
            byte[] answer = attacker.sendBare(attacker.init(attacker.initPayloads())).get(0);
            if (IkeMessage.parse(answer).notify(NotifyType.COOKIE).isPresent()) {
                attacker.sendBare(withCookie(attacker, answer));
            }
        }
        assertEquals(6, scenario.gateway().gateway().ikeSaCount());
        assertEquals(14, scenario.gateway().drops("ike.SOURCE_LIMIT"));
        scenario.alice();
        scenario.world().runFor(31 * World.SECOND);
        attacker.spi++;
        attacker.initiated();
    }

    @Test
    void whoForgesADevicesAddressDoesNotKeepItOut() {
        Scenario scenario = scenario(50, 6, 40);
        var flood = new Flood(scenario);
        for (int i = 0; i < 50; i++) {
            flood.send(Endpoint.parse("198.51.100.1:" + (1_000 + i)));
        }
        scenario.world().runFor(World.SECOND);
        assertEquals(3, scenario.gateway().gateway().ikeSaCount(), "half of the share");
        scenario.alice();
    }

    @Test
    void handshakesThatSucceedNoLongerCount() {
        Scenario scenario = scenario(2, 2, 2);
        for (int i = 0; i < 5; i++) {
            scenario.alice();
        }
        assertEquals(0, scenario.gateway().drops("ike.COOKIE_DEMANDED"));
    }
}
