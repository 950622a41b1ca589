package jkipsec.ike;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import jkipsec.bytes.RandomSource;
import jkipsec.ike.message.ConfigAttribute;
import jkipsec.ike.message.ConfigAttributeType;
import jkipsec.ike.message.ConfigPayload;
import jkipsec.ike.message.ConfigType;
import jkipsec.ike.message.NotifyType;
import jkipsec.ike.message.Payload;
import jkipsec.ike.message.SaPayload;
import jkipsec.ike.message.TrafficSelector;
import jkipsec.ike.message.TsPayload;
import jkipsec.ip.IpAddress;
import jkipsec.ip.IpPrefix;

/**
 * The initiator's side of the first Child SA: asks for inner addresses and offers all traffic, then takes what the
 * gateway narrowed it to (RFC 7296 §2.9, §2.19).
 */
final class ChildInitiator {
    private final IkeSa sa;
    private final InnerFamilies families;
    private final int ourSpi;

    ChildInitiator(IkeSa sa, InnerFamilies families) {
        this.sa = sa;
        this.families = families;
        this.ourSpi = sa.host().newInboundSpi();
    }

    /** CP, SA, TSi and TSr of the request, and what else IKE_AUTH settles beside the proof. */
    List<Payload> offer() {
        var wanted = new ArrayList<ConfigAttribute>();
        var all = new ArrayList<TrafficSelector>();
        if (families.ipv4()) {
            wanted.add(ConfigAttribute.of(ConfigAttributeType.INTERNAL_IP4_ADDRESS));
            wanted.add(ConfigAttribute.of(ConfigAttributeType.INTERNAL_IP4_DNS));
            wanted.add(ConfigAttribute.of(ConfigAttributeType.INTERNAL_IP4_SUBNET));
            all.add(TrafficSelector.anyIpv4());
        }
        if (families.ipv6()) {
            wanted.add(ConfigAttribute.of(ConfigAttributeType.INTERNAL_IP6_ADDRESS));
            wanted.add(ConfigAttribute.of(ConfigAttributeType.INTERNAL_IP6_DNS));
            wanted.add(ConfigAttribute.of(ConfigAttributeType.INTERNAL_IP6_SUBNET));
            all.add(TrafficSelector.anyIpv6());
        }
        var payloads = new ArrayList<Payload>(List.of(
                new ConfigPayload(ConfigType.CFG_REQUEST, wanted),
                Negotiation.offerFirstChild(sa.settings().policy(), ourSpi),
                new TsPayload(true, all),
                new TsPayload(false, all)));
        payloads.addAll(sa.mobility().announcement());
        return payloads;
    }

    /** Takes the gateway's answer. */
    ChildOutcome complete(List<Payload> answer, byte[] nonce, byte[] peerNonce) {
        sa.mobility().announcedBy(answer);
        Optional<SaPayload> chosen = Payloads.first(answer, SaPayload.class).filter(Negotiation::isOneChoice);
        Optional<Negotiation.ChosenChild> choice =
                chosen.flatMap(offer -> Negotiation.chooseFirstChild(offer, sa.settings().policy()));
        List<IpAddress> assigned = addresses(answer,
                ConfigAttributeType.INTERNAL_IP4_ADDRESS, ConfigAttributeType.INTERNAL_IP6_ADDRESS).stream()
                .filter(families::include)
                .toList();
        List<TrafficSelector> local = Payloads.selectors(answer, true);
        List<TrafficSelector> remote = Payloads.selectors(answer, false);
        if (choice.isEmpty()) {
            return refused("the gateway's choice of an ESP suite does not fit the offer");
        }
        if (assigned.isEmpty()) {
            return refused("the gateway assigned no inner address of the families asked for");
        }
        List<IpPrefix> networks = networks(answer);
        List<InnerAddresses.Ends> ends = ends(assigned, local, remote, networks);
        if (ends.isEmpty()) {
            return refused("the gateway's traffic selectors leave out the address it assigned, " + assigned.get(0));
        }
        RandomSource random = sa.settings().random();
        var terms = new ChildTerms(choice.get().algorithms(), ourSpi, choice.get().peerSpi(), local, remote);
        ChildSa child = ChildKeys.derive(sa.exchanges().keys(), choice.get().algorithms().suite(), nonce, peerNonce)
                .toChildSa(true, terms, random);
        List<IpAddress> dns = addresses(
                answer, ConfigAttributeType.INTERNAL_IP4_DNS, ConfigAttributeType.INTERNAL_IP6_DNS);
        return new ChildOutcome.Agreed(child, new InnerAddresses(ends, networks, dns, List.of()), List.of());
    }

    /** One pair a family, IPv4 first: the assigned address if the selectors let it send, and the gateway's. */
    private static List<InnerAddresses.Ends> ends(List<IpAddress> assigned, List<TrafficSelector> local,
            List<TrafficSelector> remote, List<IpPrefix> networks) {
        var ends = new ArrayList<InnerAddresses.Ends>();
        for (int bits : new int[] {32, 128}) {
            assigned.stream()
                    .filter(address -> address.bitLength() == bits)
                    .filter(address -> local.stream().anyMatch(selector -> selector.contains(address)))
                    .findFirst()
                    .flatMap(device -> gateway(device, remote, networks)
                            .map(gateway -> new InnerAddresses.Ends(device, gateway)))
                    .ifPresent(ends::add);
        }
        return ends;
    }

    /**
     * Where the gateway itself is to be found: nothing in the protocol says it. A single address is taken for it, among
     * the networks it names or the selectors; otherwise the first of the first selector.
     */
    private static Optional<IpAddress> gateway(
            IpAddress device, List<TrafficSelector> remote, List<IpPrefix> networks) {
        List<TrafficSelector> selectors = remote.stream()
                .filter(selector -> selector.start().sameFamily(device))
                .toList();
        return Stream.of(
                        networks.stream()
                                .filter(network -> network.size() == 1)
                                .map(IpPrefix::address)
                                .filter(address -> selectors.stream().anyMatch(ts -> ts.contains(address))),
                        selectors.stream()
                                .filter(selector -> selector.start().equals(selector.end()))
                                .map(TrafficSelector::start),
                        selectors.stream().map(TrafficSelector::start))
                .flatMap(candidates -> candidates)
                .findFirst();
    }

    private static ChildOutcome refused(String why) {
        return new ChildOutcome.Refused(NotifyType.INVALID_SYNTAX, why);
    }

    private static Stream<ConfigAttribute> attributes(List<Payload> payloads) {
        return Payloads.first(payloads, ConfigPayload.class).stream()
                .filter(cp -> cp.cfgType() == ConfigType.CFG_REPLY)
                .flatMap(cp -> cp.attributes().stream());
    }

    /** The values of attributes of either type, each of the right length for its type. */
    private static List<IpAddress> addresses(List<Payload> payloads, int ipv4Type, int ipv6Type) {
        return attributes(payloads)
                .filter(a -> a.type() == ipv4Type || a.type() == ipv6Type)
                .flatMap(a -> a.address().stream()
                        .filter(address -> address.bitLength() == (a.type() == ipv4Type ? 32 : 128)))
                .toList();
    }

    private static List<IpPrefix> networks(List<Payload> payloads) {
        return attributes(payloads)
                .filter(a -> a.type() == ConfigAttributeType.INTERNAL_IP4_SUBNET
                        || a.type() == ConfigAttributeType.INTERNAL_IP6_SUBNET)
                .flatMap(a -> a.prefix().stream())
                .toList();
    }
}
