package jkipsec.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import jkipsec.bytes.ByteWriter;
import jkipsec.ike.Liveness;
import jkipsec.ike.IkePolicy;
import jkipsec.ike.message.ExchangeType;
import jkipsec.ike.message.KePayload;
import jkipsec.ike.message.NoncePayload;
import jkipsec.ike.message.NotifyPayload;
import jkipsec.ike.message.NotifyType;
import jkipsec.ike.message.Payload;
import jkipsec.ike.message.PayloadChain;
import jkipsec.ike.message.Proposal;
import jkipsec.ike.message.ProtocolId;
import jkipsec.ike.message.SaPayload;
import jkipsec.ike.message.TrafficSelector;
import jkipsec.ike.message.TsPayload;
import jkipsec.ip.IcmpMessage;
import jkipsec.ip.IpAddress;
import jkipsec.sim.Offers;
import jkipsec.sim.Peer;
import jkipsec.sim.Scenario;
import jkipsec.sim.ScriptedInitiator;
import jkipsec.sim.ScriptedResponder;
import jkipsec.sim.ScriptedSa;
import jkipsec.sim.ScriptedSa.Envelope;
import jkipsec.sim.World;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/**
 * Laws about peers that know the keys and send nonsense under them. An exception in the gateway comes out of the world
 * and fails the property.
 */
class HostileProperties {
    private static final int[] EXCHANGES = {
        ExchangeType.IKE_SA_INIT, ExchangeType.IKE_AUTH, ExchangeType.CREATE_CHILD_SA, ExchangeType.INFORMATIONAL, 99
    };

    /** Some octets changed, inserted, or cut off. */
    private static byte[] mutated(byte[] good, Random chance) {
        byte[] bad = good.clone();
        int changes = chance.nextInt(4);
        for (int i = 0; i < changes && bad.length > 0; i++) {
            bad[chance.nextInt(bad.length)] = (byte) switch (chance.nextInt(4)) {
                case 0 -> 0;
                case 1 -> 0xff;
                case 2 -> chance.nextInt(60);
                default -> chance.nextInt();
            };
        }
        return switch (chance.nextInt(6)) {
            case 0 -> Arrays.copyOf(bad, chance.nextInt(bad.length + 1));
            case 1 -> Arrays.copyOf(bad, bad.length + chance.nextInt(20));
            default -> bad;
        };
    }

    /** Payloads of any kind in any order, each of them good. */
    private static List<Payload> shuffled(List<Payload> payloads, Random chance) {
        var list = new ArrayList<Payload>();
        for (int i = 0; i < chance.nextInt(9); i++) {
            list.add(payloads.get(chance.nextInt(payloads.size())));
        }
        return list;
    }

    private static List<Payload> createChild(ScriptedInitiator device, Random chance) {
        List<TrafficSelector> all = List.of(TrafficSelector.anyIpv4());
        byte[] spi = new ByteWriter().i32(ScriptedInitiator.ESP_SPI).toByteArray();
        Payload ke = device.initPayloads().get(1);
        Proposal ike = Offers.ike(1, Offers.GCM_256, Offers.PRF_SHA_256, Offers.group(Offers.ECP_256));
        List<Payload> rekeyIke = List.of(
                new SaPayload(List.of(new Proposal(1, ProtocolId.IKE, new byte[] {1, 2, 3, 4, 5, 6, 7, 8},
                        ike.transforms()))),
                new NoncePayload(new byte[32]), ke);
        List<Payload> rekeyChild = List.of(
                new NotifyPayload(ProtocolId.ESP, spi, NotifyType.REKEY_SA, new byte[0]),
                chance.nextBoolean() ? Offers.espGcm(0x0de1ce01) : Offers.espCbc(0x0de1ce02),
                new NoncePayload(new byte[32]),
                new KePayload(Offers.ECP_256, ((KePayload) ke).data()),
                new TsPayload(true, all),
                new TsPayload(false, all));
        return chance.nextInt(3) == 0 ? rekeyIke : rekeyChild;
    }

    private static byte[] sealed(ScriptedSa sa, Envelope envelope, List<Payload> payloads, Random chance) {
        return chance.nextInt(3) == 0
                ? sa.seal(envelope, shuffled(payloads, chance))
                : sa.seal(envelope, chance.nextInt(10) == 0 ? chance.nextInt(256) : PayloadChain.firstType(payloads),
                        mutated(PayloadChain.write(payloads), chance));
    }

    @Property(tries = 100)
    void anUnknownDevicesNonsenseEndsItsOwnHandshakeAtMost(@ForAll long seed) {
        var chance = new Random(seed);
        var scenario = new Scenario(seed);
        ScriptedInitiator device = new ScriptedInitiator(scenario).initiated();
        for (int i = 0; i < 3; i++) {
            int exchange = chance.nextInt(4) == 0 ? EXCHANGES[chance.nextInt(EXCHANGES.length)] : ExchangeType.IKE_AUTH;
            device.sendMarked(sealed(
                    device.sa(), Envelope.request(exchange, 1 + chance.nextInt(2)), device.authPayloads(), chance));
        }
        scenario.world().runFor(120 * World.SECOND);
        assertTrue(scenario.gateway().gateway().ikeSaCount() <= 1, "at most the one that got in");
        assertEquals(scenario.gateway().tunnels().size(), scenario.gateway().gateway().ikeSaCount());
        scenario.alice();
    }

    @Property(tries = 100)
    void aConnectedDevicesNonsenseEndsItsOwnTunnelAtMost(@ForAll long seed) {
        var chance = new Random(seed);
        IkePolicy policy = IkePolicy.defaults()
                .withLiveness(Liveness.defaults().withSecondLogin(Liveness.SecondLogin.KEEP));
        var scenario = new Scenario(seed, policy, "10.8.0.0/24");
        Peer alice = scenario.alice();
        ScriptedInitiator device = new ScriptedInitiator(scenario).connected();
        for (int id = 2; id < 7; id++) {
            int exchange = chance.nextInt(3) == 0
                    ? EXCHANGES[chance.nextInt(EXCHANGES.length)]
                    : ExchangeType.CREATE_CHILD_SA;
            List<Payload> payloads = createChild(device, chance);
            device.sendMarked(sealed(device.sa(), Envelope.request(exchange, id), payloads, chance));
        }
        scenario.world().runFor(World.SECOND);
        alice.call(() -> alice.tunnels().get(0).ping(10));
        scenario.world().runFor(World.SECOND);
        assertEquals(1, alice.pingsAnswered(), "another device's tunnel is not disturbed");
    }

    @Property(tries = 100)
    void aGatewaysNonsenseNeitherThrowsNorLeavesAnythingBehind(@ForAll long seed) {
        var chance = new Random(seed);
        var scenario = new Scenario(seed);
        var gateway = new ScriptedResponder(scenario);
        boolean inInit = chance.nextInt(3) == 0;
        if (inInit) {
            gateway.onInit(request -> {
                byte[] bad = mutated(gateway.initAnswer(request, list -> list), chance);
                if (bad.length >= 28) {
                    bad[26] = (byte) (bad.length >> 8);
                    bad[27] = (byte) bad.length;
                }
                return List.of(bad);
            });
        }
        gateway.onAuth(request -> {
            var envelope = new Envelope(ExchangeType.IKE_AUTH, 1, ScriptedSa.RESPONSE, 0x20);
            return List.of(sealed(gateway.sa(), envelope, gateway.authPayloads(), chance));
        });
        Peer device = scenario.device();
        GatewayTunnel tunnel = scenario.connect(device, Scenario.as("alice", "secret", ScriptedResponder.OFFERED));
        scenario.world().runFor(600 * World.SECOND);
        assertTrue(tunnel.isUp() || device.causeOf(tunnel).isPresent(), "it comes to an end");
        assertEquals(tunnel.isUp() ? 1 : 0, device.gateway().ikeSaCount());
    }

    @Property(tries = 60)
    void whateverComesOutOfEspIsDroppedOrAnswered(@ForAll long seed) {
        var chance = new Random(seed);
        var scenario = new Scenario(seed);
        ScriptedInitiator device = new ScriptedInitiator(scenario).connected();
        byte[] good = new IcmpMessage.EchoRequest(1, 1, new byte[20])
                .packet(IpAddress.parse("10.8.0.2"), IpAddress.parse("10.8.0.1"))
                .toByteArray();
        for (int i = 0; i < 20; i++) {
            int next = chance.nextInt(4) == 0 ? chance.nextInt(256) : 4;
            device.sendNatT(device.esp(mutated(good, chance), next));
        }
        assertTrue(scenario.gateway().tunnels().get(0).isUp());
    }
}
