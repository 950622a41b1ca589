package jkipsec.gateway;

import static jkipsec.gateway.AuthMessages.AUTH;
import static jkipsec.gateway.AuthMessages.childless;
import static jkipsec.gateway.AuthMessages.established;
import static jkipsec.gateway.AuthMessages.fatal;
import static jkipsec.gateway.AuthMessages.first;
import static jkipsec.gateway.AuthMessages.replaced;
import static jkipsec.gateway.AuthMessages.row;
import static jkipsec.gateway.AuthMessages.with;
import static jkipsec.gateway.AuthMessages.without;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Stream;
import jkipsec.bytes.Hex;
import jkipsec.gateway.AuthMessages.Outcome;
import jkipsec.gateway.AuthMessages.Row;
import jkipsec.ike.message.ConfigAttribute;
import jkipsec.ike.message.ConfigAttributeType;
import jkipsec.ike.message.ConfigPayload;
import jkipsec.ike.message.ConfigType;
import jkipsec.ike.message.NotifyPayload;
import jkipsec.ike.message.NotifyType;
import jkipsec.ike.message.Payload;
import jkipsec.ike.message.PayloadChain;
import jkipsec.ike.message.PayloadType;
import jkipsec.ike.message.Proposal;
import jkipsec.ike.message.ProtocolId;
import jkipsec.ike.message.SaPayload;
import jkipsec.ike.message.TrafficSelector;
import jkipsec.ike.message.Transform;
import jkipsec.ike.message.TransformType;
import jkipsec.ike.message.TsPayload;
import jkipsec.ip.IpAddress;
import jkipsec.ip.IpPrefix;
import jkipsec.ip.IpProtocol;
import jkipsec.sim.Offers;
import jkipsec.sim.ScriptedInitiator;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** What IKE_AUTH makes of each Child SA, address and selector asked for; RFC 7296 unless a row says otherwise. */
class HostileChildTest {
    private static final int SPI = ScriptedInitiator.ESP_SPI;
    private static final IpAddress DEVICE = IpAddress.parse("10.8.0.2");
    private static final IpAddress GATEWAY = IpAddress.parse("10.8.0.1");
    private static final ConfigAttribute ADDRESS = ConfigAttribute.of(
            ConfigAttributeType.INTERNAL_IP4_ADDRESS, DEVICE);
    private static final ConfigAttribute DNS = ConfigAttribute.of(
            ConfigAttributeType.INTERNAL_IP4_DNS, IpAddress.parse("1.1.1.1"));

    private static TsPayload tsi(TrafficSelector... selectors) {
        return new TsPayload(true, List.of(selectors));
    }

    private static TsPayload tsr(TrafficSelector... selectors) {
        return new TsPayload(false, List.of(selectors));
    }

    private static TrafficSelector net(String prefix) {
        return TrafficSelector.of(IpPrefix.parse(prefix));
    }

    private static TrafficSelector ports(int protocol, int first, int last, IpAddress from, IpAddress to) {
        return new TrafficSelector(protocol, first, last, from, to);
    }

    /** A good request in which every selector that covers all of IPv4 has an unknown type. */
    private static Function<ScriptedInitiator, byte[]> unknownSelectors(Payload... others) {
        return device -> {
            List<Payload> payloads = AuthMessages.replace(AuthMessages.mutable(device.authPayloads()), others);
            String inner = Hex.of(PayloadChain.write(payloads));
            String changed = inner.replace("070000100000ffff00000000ffffffff", "0a0000100000ffff00000000ffffffff");
            return device.sa().seal(AUTH, PayloadChain.firstType(payloads), Hex.parse(changed));
        };
    }

    private static Consumer<Outcome> selected(TsPayload tsi, TsPayload tsr) {
        return established(answer -> assertEquals(
                List.of(tsi, tsr), answer.stream().filter(TsPayload.class::isInstance).toList()));
    }

    private static Consumer<Outcome> configured(ConfigAttribute... attributes) {
        return established(answer -> assertEquals(
                new ConfigPayload(ConfigType.CFG_REPLY, List.of(attributes)),
                first(answer, ConfigPayload.class).orElseThrow()));
    }

    private static Consumer<Outcome> chosen(int number, Transform... transforms) {
        return established(answer -> {
            Proposal choice = first(answer, SaPayload.class).orElseThrow().proposals().get(0);
            assertEquals(number, choice.number());
            assertEquals(List.of(transforms), choice.transforms());
            assertEquals(4, choice.spi().length);
        });
    }

    private static Function<ScriptedInitiator, byte[]> proposals(Proposal... proposals) {
        return replaced(new SaPayload(List.of(proposals)));
    }

    private static Function<ScriptedInitiator, byte[]> asks(int... types) {
        return replaced(ScriptedInitiator.configRequest(types));
    }

    private static Function<ScriptedInitiator, byte[]> config(int type, ConfigAttribute... attributes) {
        return replaced(new ConfigPayload(type, List.of(attributes)));
    }

    private static List<Row> configurationRows() {
        int ip4 = ConfigAttributeType.INTERNAL_IP4_ADDRESS;
        return List.of(
                row("§3.10.1 no CP", without(PayloadType.CP), childless(NotifyType.FAILED_CP_REQUIRED)),
                row("§3.15 an empty CP", asks(), childless(NotifyType.FAILED_CP_REQUIRED)),
                row("§3.15.4 only IPv6 asked for, of a gateway without", asks(ConfigAttributeType.INTERNAL_IP6_ADDRESS),
                        childless(NotifyType.INTERNAL_ADDRESS_FAILURE)),
                row("§3.15 CFG_SET", config(ConfigType.CFG_SET, ConfigAttribute.of(ip4)),
                        childless(NotifyType.FAILED_CP_REQUIRED)),
                row("§3.15 an unknown CFG type", config(99, ConfigAttribute.of(ip4)),
                        childless(NotifyType.FAILED_CP_REQUIRED)),
                row("§3.15.1 only the address asked for", asks(ip4), configured(ADDRESS)),
                row("§3.15.1 address and DNS", asks(ip4, ConfigAttributeType.INTERNAL_IP4_DNS),
                        configured(ADDRESS, DNS)),
                row("§3.15.1 DNS before the address", asks(ConfigAttributeType.INTERNAL_IP4_DNS, ip4),
                        configured(ADDRESS, DNS)),
                row("§3.15.1 what the gateway has not is left out", asks(
                        ip4, ConfigAttributeType.INTERNAL_IP4_NETMASK, ConfigAttributeType.INTERNAL_IP6_ADDRESS,
                        ConfigAttributeType.INTERNAL_IP6_DNS, 7, 0x7abc), configured(ADDRESS)),
                row("§3.15.1 a wish for another address is not granted", config(ConfigType.CFG_REQUEST,
                        ConfigAttribute.of(ip4, IpAddress.parse("10.8.0.99"))), configured(ADDRESS)),
                row("§3.15.1 an address asked for twice is given once", asks(ip4, ip4), configured(ADDRESS)));
    }

    private static List<Row> proposalRows() {
        Transform none = Transform.of(TransformType.INTEG, 0);
        Proposal good = Offers.esp(1, SPI, Offers.GCM_256, Offers.NO_ESN);
        return List.of(
                row("§1.2 no SA", without(PayloadType.SA), fatal(NotifyType.INVALID_SYNTAX)),
                row("§2.7 no suite in common", proposals(
                        Offers.esp(1, SPI, Transform.of(TransformType.ENCR, 3), Offers.NO_ESN)),
                        childless(NotifyType.NO_PROPOSAL_CHOSEN)),
                row("§3.3.5 key length missing", proposals(
                        Offers.esp(1, SPI, Transform.of(TransformType.ENCR, 20), Offers.NO_ESN)),
                        childless(NotifyType.NO_PROPOSAL_CHOSEN)),
                row("§3.3.2 only extended sequence numbers", proposals(
                        Offers.esp(1, SPI, Offers.GCM_256, Offers.ESN)),
                        chosen(1, Offers.GCM_256, Offers.ESN)),
                row("§3.3.2 either kind of sequence numbers, extended first", proposals(
                        Offers.esp(1, SPI, Offers.GCM_256, Offers.ESN, Offers.NO_ESN)),
                        chosen(1, Offers.GCM_256, Offers.ESN)),
                row("§3.3.2 either kind of sequence numbers, short first", proposals(
                        Offers.esp(1, SPI, Offers.GCM_256, Offers.NO_ESN, Offers.ESN)),
                        chosen(1, Offers.GCM_256, Offers.NO_ESN)),
                row("§3.3.2 an unknown kind of sequence numbers", proposals(
                        Offers.esp(1, SPI, Offers.GCM_256, Transform.of(TransformType.ESN, 2))),
                        childless(NotifyType.NO_PROPOSAL_CHOSEN)),
                row("§3.3.3 no ESN transform", proposals(Offers.esp(1, SPI, Offers.GCM_256)),
                        childless(NotifyType.NO_PROPOSAL_CHOSEN)),
                row("§3.3.6 an unknown transform type", proposals(Offers.with(good, Transform.of(77, 1))),
                        childless(NotifyType.NO_PROPOSAL_CHOSEN)),
                row("§1.2 a group has no meaning in IKE_AUTH", proposals(Offers.with(good, Offers.group(14))),
                        chosen(1, Offers.GCM_256, Offers.NO_ESN)),
                row("RFC 5282 §8 GCM with integrity NONE", proposals(Offers.with(good, none)),
                        chosen(1, Offers.GCM_256, Offers.NO_ESN)),
                row("§3.3 CBC without integrity", proposals(Offers.esp(1, SPI, Offers.CBC_256, Offers.NO_ESN)),
                        childless(NotifyType.NO_PROPOSAL_CHOSEN)),
                row("§3.3 CBC with integrity NONE", proposals(
                        Offers.esp(1, SPI, Offers.CBC_256, none, Offers.NO_ESN)),
                        childless(NotifyType.NO_PROPOSAL_CHOSEN)),
                row("§2.7 the gateway's order of suites decides", proposals(
                        Offers.esp(1, SPI, Offers.CBC_256, Offers.SHA_256_128, Offers.NO_ESN),
                        Offers.esp(2, SPI, Offers.GCM_256, Offers.NO_ESN)),
                        chosen(2, Offers.GCM_256, Offers.NO_ESN)),
                row("§3.3.1 AH", proposals(new Proposal(1, ProtocolId.AH, good.spi(), good.transforms())),
                        childless(NotifyType.NO_PROPOSAL_CHOSEN)),
                row("§3.3.1 an SPI of eight octets", proposals(
                        new Proposal(1, ProtocolId.ESP, new byte[] {1, 2, 3, 4, 5, 6, 7, 8}, good.transforms())),
                        childless(NotifyType.NO_PROPOSAL_CHOSEN)),
                row("RFC 4303 §2.1 SPI 0", proposals(Offers.esp(1, 0, Offers.GCM_256, Offers.NO_ESN)),
                        childless(NotifyType.NO_PROPOSAL_CHOSEN)),
                row("RFC 4303 §2.1 reserved SPI 255", proposals(Offers.esp(1, 255, Offers.GCM_256, Offers.NO_ESN)),
                        childless(NotifyType.NO_PROPOSAL_CHOSEN)),
                row("§1.3.1 transport mode is not granted",
                        with(4, NotifyPayload.of(NotifyType.USE_TRANSPORT_MODE)), established(answer -> assertEquals(
                                List.of(), answer.stream().filter(NotifyPayload.class::isInstance).toList()))),
                row("§2.22 IPComp is not granted",
                        with(4, NotifyPayload.of(NotifyType.IPCOMP_SUPPORTED, new byte[] {0, 1, 3})),
                        established(answer -> assertEquals(
                                List.of(), answer.stream().filter(NotifyPayload.class::isInstance).toList()))));
    }

    private static List<Row> selectorRows() {
        TrafficSelector toDevice = TrafficSelector.of(DEVICE);
        TrafficSelector toGateway = TrafficSelector.of(GATEWAY);
        IpAddress low = IpAddress.parse("0.0.0.0");
        IpAddress high = IpAddress.parse("255.255.255.255");
        return List.of(
                row("§1.2 no TSi", without(PayloadType.TSI), fatal(NotifyType.INVALID_SYNTAX)),
                row("§1.2 no TSr", without(PayloadType.TSR), fatal(NotifyType.INVALID_SYNTAX)),
                row("§2.9 all of IPv4 is narrowed to the two addresses", replaced(), selected(
                        tsi(toDevice), tsr(toGateway))),
                row("§2.9 all of IPv4 and IPv6, as phones offer", replaced(
                        tsi(TrafficSelector.anyIpv4(), TrafficSelector.anyIpv6()),
                        tsr(TrafficSelector.anyIpv4(), TrafficSelector.anyIpv6())), selected(
                                tsi(toDevice), tsr(toGateway))),
                row("§2.9 IPv6 first", replaced(
                        tsi(TrafficSelector.anyIpv6(), TrafficSelector.anyIpv4()),
                        tsr(TrafficSelector.anyIpv6(), TrafficSelector.anyIpv4())), selected(
                                tsi(toDevice), tsr(toGateway))),
                row("§2.9 IPv6 only", replaced(tsi(TrafficSelector.anyIpv6()), tsr(TrafficSelector.anyIpv6())),
                        childless(NotifyType.TS_UNACCEPTABLE)),
                row("§2.9 the two addresses exactly", replaced(tsi(toDevice), tsr(toGateway)),
                        selected(tsi(toDevice), tsr(toGateway))),
                row("§2.9 another network behind the gateway", replaced(tsr(net("192.168.0.0/16"))),
                        childless(NotifyType.TS_UNACCEPTABLE)),
                row("§2.9 an address that is not the device's", replaced(tsi(net("10.9.0.1/32"))),
                        childless(NotifyType.TS_UNACCEPTABLE)),
                row("§2.9 one protocol and port", replaced(tsr(ports(IpProtocol.TCP, 80, 80, low, high))), selected(
                        tsi(toDevice), tsr(ports(IpProtocol.TCP, 80, 80, GATEWAY, GATEWAY)))),
                row("§2.9 ranges of ports on both sides", replaced(
                        tsi(ports(IpProtocol.UDP, 1_000, 2_000, low, high)),
                        tsr(ports(IpProtocol.UDP, 53, 53, GATEWAY, GATEWAY))), selected(
                                tsi(ports(IpProtocol.UDP, 1_000, 2_000, DEVICE, DEVICE)),
                                tsr(ports(IpProtocol.UDP, 53, 53, GATEWAY, GATEWAY)))),
                row("§2.9 a packet's own selector first, then all", replaced(
                        tsi(ports(IpProtocol.TCP, 4_321, 4_321, DEVICE, DEVICE), TrafficSelector.anyIpv4()),
                        tsr(ports(IpProtocol.TCP, 80, 80, GATEWAY, GATEWAY), TrafficSelector.anyIpv4())), selected(
                                tsi(toDevice), tsr(toGateway))),
                row("§2.9 the same selector twice is kept once", replaced(
                        tsi(TrafficSelector.anyIpv4(), toDevice), tsr(toGateway, toGateway)), selected(
                                tsi(toDevice), tsr(toGateway))),
                row("§2.9 255 selectors of which one fits", replaced(tsr(manySelectors())), selected(
                        tsi(toDevice), tsr(toGateway))),
                row("§3.13.1 no selector of a known type", unknownSelectors(), childless(NotifyType.TS_UNACCEPTABLE)),
                row("§3.13.1 one selector of an unknown type beside a good one", unknownSelectors(
                        tsi(TrafficSelector.anyIpv4(), net("10.0.0.0/8")), tsr(net("10.0.0.0/8"))), selected(
                                tsi(toDevice), tsr(toGateway))),
                row("§3.13 no selector at all", replaced(tsi()), childless(NotifyType.TS_UNACCEPTABLE)));
    }

    private static TrafficSelector[] manySelectors() {
        var selectors = new TrafficSelector[255];
        Arrays.fill(selectors, net("172.16.0.0/12"));
        selectors[254] = net("10.0.0.0/8");
        return selectors;
    }

    @TestFactory
    Stream<DynamicTest> configuration() {
        return AuthMessages.tests(configurationRows());
    }

    @TestFactory
    Stream<DynamicTest> proposals() {
        return AuthMessages.tests(proposalRows());
    }

    @TestFactory
    Stream<DynamicTest> trafficSelectors() {
        return AuthMessages.tests(selectorRows());
    }
}
