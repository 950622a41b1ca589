package jkipsec.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import jkipsec.bytes.Hex;
import jkipsec.ike.IkePolicy;
import jkipsec.ike.message.ConfigAttribute;
import jkipsec.ike.message.ConfigAttributeType;
import jkipsec.ike.message.ConfigPayload;
import jkipsec.ike.message.ConfigType;
import jkipsec.ike.message.ExchangeType;
import jkipsec.ike.message.NotifyPayload;
import jkipsec.ike.message.Payload;
import jkipsec.ike.message.TrafficSelector;
import jkipsec.ike.message.TsPayload;
import jkipsec.ip.IpAddress;
import jkipsec.ip.IpPrefix;
import jkipsec.sim.Scenario;
import jkipsec.sim.ScriptedInitiator;
import jkipsec.sim.ScriptedSa.Envelope;
import org.junit.jupiter.api.Test;

/** What a device that asks as phones do is told about the inside of its tunnel (RFC 7296 §3.15, RFC 8598). */
class InnerConfigurationTest {
    private static final InnerNetwork NETWORK = InnerNetwork
            .of(IpPrefix.parse("10.8.0.0/24"), List.of())
            .withPool6(IpPrefix.parse("fd12::/64"))
            .withOffered(IpPrefix.parse("192.0.2.0/26"), IpPrefix.parse("2001:db8::/32"))
            .withDns(List.of(IpAddress.parse("1.1.1.1"), IpAddress.parse("2001:db8::53")),
                    List.of("corp.example", "a.de"));
    private static final TrafficSelector ALL4 = TrafficSelector.anyIpv4();
    private static final TrafficSelector ALL6 = TrafficSelector.anyIpv6();

    private static final int[] LIKE_A_PHONE = {
        ConfigAttributeType.INTERNAL_IP4_ADDRESS, ConfigAttributeType.INTERNAL_IP4_NETMASK,
        ConfigAttributeType.INTERNAL_IP4_DHCP, ConfigAttributeType.INTERNAL_IP4_DNS,
        ConfigAttributeType.INTERNAL_IP6_ADDRESS, ConfigAttributeType.INTERNAL_IP6_DHCP,
        ConfigAttributeType.INTERNAL_IP6_DNS, ConfigAttributeType.INTERNAL_DNS_DOMAIN};

    /** The answer to alice's IKE_AUTH with other CP, TSi and TSr. */
    private static List<Payload> answer(
            InnerNetwork network, int[] asked, List<TrafficSelector> tsi, List<TrafficSelector> tsr) {
        var scenario = new Scenario(1, IkePolicy.defaults(), network);
        ScriptedInitiator device = new ScriptedInitiator(scenario).initiated();
        var payloads = new ArrayList<Payload>();
        for (Payload payload : device.authPayloads()) {
            payloads.add(switch (payload) {
                case ConfigPayload cp -> ScriptedInitiator.configRequest(asked);
                case TsPayload ts -> new TsPayload(ts.initiator(), ts.initiator() ? tsi : tsr);
                default -> payload;
            });
        }
        return device.open(device.send(Envelope.request(ExchangeType.IKE_AUTH, 1), payloads).get(0));
    }

    private static List<String> told(List<Payload> answer) {
        return answer.stream()
                .filter(ConfigPayload.class::isInstance)
                .map(ConfigPayload.class::cast)
                .peek(cp -> assertEquals(ConfigType.CFG_REPLY, cp.cfgType()))
                .flatMap(cp -> cp.attributes().stream())
                .map(ConfigAttribute::toString)
                .toList();
    }

    private static List<String> selectors(List<Payload> answer) {
        return answer.stream()
                .filter(TsPayload.class::isInstance)
                .map(payload -> ((TsPayload) payload).selectors().toString())
                .toList();
    }

    @Test
    void aPhoneIsToldAddressesServersAndDomainsOfBothFamilies() {
        List<Payload> answer = answer(NETWORK, LIKE_A_PHONE, List.of(ALL4, ALL6), List.of(ALL4, ALL6));
        assertEquals(List.of(
                "INTERNAL_IP4_ADDRESS=10.8.0.2", "INTERNAL_IP6_ADDRESS=fd12::2/128",
                "INTERNAL_IP4_DNS=1.1.1.1", "INTERNAL_IP6_DNS=2001:db8::53",
                "INTERNAL_DNS_DOMAIN=\"corp.example\"", "INTERNAL_DNS_DOMAIN=\"a.de\""), told(answer));
        assertEquals(List.of(
                "[10.8.0.2/32, fd12::2/128]",
                "[10.8.0.1/32, 192.0.2.0/26, fd12::1/128, 2001:db8::/32]"), selectors(answer));
    }

    @Test
    void theIpv6AddressHas17OctetsOnTheWire() {
        List<Payload> answer = answer(NETWORK, LIKE_A_PHONE, List.of(ALL4, ALL6), List.of(ALL4, ALL6));
        ConfigAttribute address = answer.stream()
                .filter(ConfigPayload.class::isInstance)
                .flatMap(payload -> ((ConfigPayload) payload).attributes().stream())
                .filter(attribute -> attribute.type() == ConfigAttributeType.INTERNAL_IP6_ADDRESS)
                .findFirst()
                .orElseThrow();
        assertEquals("fd12000000000000000000000000000280", Hex.of(address.value()));
    }

    @Test
    void networksAreNamedToWhoAsks() {
        int[] asked = append(LIKE_A_PHONE,
                ConfigAttributeType.INTERNAL_IP4_SUBNET, ConfigAttributeType.INTERNAL_IP6_SUBNET);
        List<String> told = told(answer(NETWORK, asked, List.of(ALL4, ALL6), List.of(ALL4, ALL6)));
        assertEquals(List.of(
                "INTERNAL_IP4_SUBNET=10.8.0.1/32", "INTERNAL_IP6_SUBNET=fd12::1/128",
                "INTERNAL_IP4_SUBNET=192.0.2.0/26", "INTERNAL_IP6_SUBNET=2001:db8::/32"), told.subList(6, 10));
    }

    private static int[] append(int[] types, int... more) {
        return Stream.of(types, more).flatMapToInt(Arrays::stream).toArray();
    }

    @Test
    void domainsWithoutAServerAreNotNamed() {
        List<String> told = told(answer(NETWORK.withDns(List.of(), List.of("corp.example")),
                LIKE_A_PHONE, List.of(ALL4, ALL6), List.of(ALL4, ALL6)));
        assertEquals(List.of("INTERNAL_IP4_ADDRESS=10.8.0.2", "INTERNAL_IP6_ADDRESS=fd12::2/128"), told);
    }

    @Test
    void aFamilyThatTheSelectorsLeaveOutGetsNoAddress() {
        List<Payload> answer = answer(NETWORK, LIKE_A_PHONE, List.of(ALL4, ALL6), List.of(ALL6));
        assertEquals("INTERNAL_IP6_ADDRESS=fd12::2/128", told(answer).get(0));
        assertEquals(List.of("[fd12::2/128]", "[fd12::1/128, 2001:db8::/32]"), selectors(answer));
    }

    @Test
    void familiesThatDoNotMeetAreRefused() {
        List<Payload> answer = answer(NETWORK, LIKE_A_PHONE, List.of(ALL4), List.of(ALL6));
        assertEquals(List.of(), selectors(answer));
        assertEquals("N(TS_UNACCEPTABLE)", answer.stream()
                .filter(NotifyPayload.class::isInstance).findFirst().orElseThrow().toString());
    }

    @Test
    void aSelectorWithinAnOfferedNetworkIsKeptAsItIs() {
        TrafficSelector part = TrafficSelector.of(IpPrefix.parse("192.0.2.16/28"));
        List<Payload> answer = answer(NETWORK, LIKE_A_PHONE, List.of(ALL4), List.of(part));
        assertEquals(List.of("[10.8.0.2/32]", "[192.0.2.16/28]"), selectors(answer));
    }

    @Test
    void aFullTunnelIsOfferedWhole() {
        List<Payload> answer = answer(
                NETWORK.withOffered(IpPrefix.parse("0.0.0.0/0"), IpPrefix.parse("::/0")),
                LIKE_A_PHONE, List.of(ALL4, ALL6), List.of(ALL4, ALL6));
        assertEquals(List.of("[10.8.0.2/32, fd12::2/128]", "[0.0.0.0/0, ::/0]"), selectors(answer));
    }
}
