package jkipsec.ike;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
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
 * The responder's choice of a Child SA within IKE_AUTH: suite, inner addresses, and traffic selectors of both families
 * narrowed to the device's addresses and what the gateway offers (RFC 7296 §2.9, §2.19).
 */
final class ChildResponder {
    private ChildResponder() {}

    /** Whether a request has all that a Child SA needs. */
    static boolean isComplete(List<Payload> request) {
        return Payloads.first(request, SaPayload.class).isPresent()
                && Payloads.hasSelectors(request, true)
                && Payloads.hasSelectors(request, false);
    }

    /** Answers a request that {@link #isComplete}. */
    static ChildOutcome answer(IkeSa sa, List<Payload> request, byte[] peerNonce, byte[] nonce) {
        sa.mobility().announcedBy(request);
        SaPayload offer = Payloads.first(request, SaPayload.class).orElseThrow();
        List<TrafficSelector> tsi = Payloads.selectors(request, true);
        List<TrafficSelector> tsr = Payloads.selectors(request, false);
        if (sa.exchanges().path().role() != PortRole.NAT_T) {
            return new ChildOutcome.Refused(
                    NotifyType.NO_PROPOSAL_CHOSEN, "the device does not encapsulate ESP in UDP (RFC 7296 §2.23)");
        }
        Optional<Negotiation.ChosenChild> chosen = Negotiation.chooseFirstChild(offer, sa.settings().policy());
        if (chosen.isEmpty()) {
            return new ChildOutcome.Refused(NotifyType.NO_PROPOSAL_CHOSEN, "no ESP suite in common");
        }
        Optional<ConfigPayload> wanted = Payloads.first(request, ConfigPayload.class)
                .filter(cp -> cp.cfgType() == ConfigType.CFG_REQUEST);
        Optional<InnerFamilies> families = wanted.flatMap(ChildResponder::families);
        if (families.isEmpty()) {
            return new ChildOutcome.Refused(NotifyType.FAILED_CP_REQUIRED, "the device asks for no inner address");
        }
        Optional<InnerAddresses> leased = sa.host().lease(sa, families.get());
        if (leased.isEmpty()) {
            return new ChildOutcome.Refused(NotifyType.INTERNAL_ADDRESS_FAILURE,
                    "no inner address is free of the family that the device asks for");
        }
        Optional<Pair> narrowed = narrow(tsi, tsr, leased.get());
        if (narrowed.isEmpty()) {
            return new ChildOutcome.Refused(NotifyType.TS_UNACCEPTABLE, "the device's traffic selectors leave out its"
                    + " address " + leased.get().device() + " or what is offered, " + leased.get().networks());
        }
        return agree(sa, chosen.get(), narrowed.get(), new Request(wanted.get(), peerNonce, nonce));
    }

    /** The selectors that were agreed on, and the addresses that can be used with them. */
    private record Pair(List<TrafficSelector> local, List<TrafficSelector> remote, InnerAddresses addresses) {}

    /** Of which families the request asks for addresses; more than one of a family are not given. */
    private static Optional<InnerFamilies> families(ConfigPayload request) {
        boolean ipv4 = asks(request, ConfigAttributeType.INTERNAL_IP4_ADDRESS);
        boolean ipv6 = asks(request, ConfigAttributeType.INTERNAL_IP6_ADDRESS);
        if (ipv4 && ipv6) {
            return Optional.of(InnerFamilies.BOTH);
        }
        return ipv4 || ipv6 ? Optional.of(ipv4 ? InnerFamilies.IPV4 : InnerFamilies.IPV6) : Optional.empty();
    }

    /** A family of which one side's selectors leave nothing is left out, its address as well; nothing when all are. */
    private static Optional<Pair> narrow(
            List<TrafficSelector> tsi, List<TrafficSelector> tsr, InnerAddresses addresses) {
        var local = new ArrayList<TrafficSelector>();
        var remote = new ArrayList<TrafficSelector>();
        var kept = new ArrayList<InnerAddresses.Ends>();
        for (InnerAddresses.Ends ends : addresses.ends()) {
            List<TrafficSelector> offered = addresses.networks().stream()
                    .filter(network -> network.address().sameFamily(ends.gateway()))
                    .map(TrafficSelector::of)
                    .toList();
            List<TrafficSelector> ours = Selectors.narrow(tsr, offered);
            List<TrafficSelector> theirs = Selectors.narrow(tsi, TrafficSelector.of(ends.device()));
            if (!ours.isEmpty() && !theirs.isEmpty()) {
                local.addAll(ours);
                remote.addAll(theirs);
                kept.add(ends);
            }
        }
        return kept.isEmpty() ? Optional.empty() : Optional.of(new Pair(local, remote, addresses.only(kept)));
    }

    private record Request(ConfigPayload wanted, byte[] peerNonce, byte[] nonce) {}

    private static ChildOutcome agree(IkeSa sa, Negotiation.ChosenChild chosen, Pair selectors, Request request) {
        InnerAddresses addresses = selectors.addresses();
        int ourSpi = sa.host().newInboundSpi();
        RandomSource random = sa.settings().random();
        var terms = new ChildTerms(
                chosen.algorithms(), ourSpi, chosen.peerSpi(), selectors.local(), selectors.remote());
        ChildSa child = ChildKeys.derive(sa.exchanges().keys(), chosen.algorithms().suite(), request.peerNonce(), request.nonce())
                .toChildSa(false, terms, random);
        var payloads = new ArrayList<Payload>(List.of(
                new ConfigPayload(ConfigType.CFG_REPLY, attributes(request.wanted(), addresses)),
                chosen.answer(ourSpi),
                new TsPayload(true, selectors.remote()),
                new TsPayload(false, selectors.local())));
        if (sa.mobility().isSupported()) {
            payloads.addAll(sa.mobility().announcement());
        }
        return new ChildOutcome.Agreed(child, addresses, payloads);
    }

    private static boolean asks(ConfigPayload request, int type) {
        return request.attributes().stream().anyMatch(a -> a.type() == type);
    }

    /** Only what was asked for (RFC 7296 §3.15.1). */
    private static List<ConfigAttribute> attributes(ConfigPayload request, InnerAddresses addresses) {
        var reply = new ArrayList<ConfigAttribute>();
        for (InnerAddresses.Ends ends : addresses.ends()) {
            reply.add(isIpv4(ends.device())
                    ? ConfigAttribute.of(ConfigAttributeType.INTERNAL_IP4_ADDRESS, ends.device())
                    : ConfigAttribute.of(ConfigAttributeType.INTERNAL_IP6_ADDRESS, IpPrefix.single(ends.device())));
        }
        List<ConfigAttribute> dns = addresses.dns().stream()
                .map(server -> ConfigAttribute.of(isIpv4(server)
                        ? ConfigAttributeType.INTERNAL_IP4_DNS
                        : ConfigAttributeType.INTERNAL_IP6_DNS, server))
                .filter(attribute -> asks(request, attribute.type()))
                .toList();
        reply.addAll(dns);
        if (!dns.isEmpty() && asks(request, ConfigAttributeType.INTERNAL_DNS_DOMAIN)) {
            // Without a server that knows them, domains must not be named (RFC 8598 §3.2).
            addresses.domains().forEach(
                    domain -> reply.add(ConfigAttribute.of(ConfigAttributeType.INTERNAL_DNS_DOMAIN, domain)));
        }
        addresses.carriedNetworks()
                .map(network -> ConfigAttribute.of(isIpv4(network.address())
                        ? ConfigAttributeType.INTERNAL_IP4_SUBNET
                        : ConfigAttributeType.INTERNAL_IP6_SUBNET, network))
                .filter(attribute -> asks(request, attribute.type()))
                .forEach(reply::add);
        return reply;
    }

    private static boolean isIpv4(IpAddress address) {
        return address.bitLength() == 32;
    }
}
