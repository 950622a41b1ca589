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

/**
 * The responder's choice of a Child SA within IKE_AUTH: suite, inner address, and traffic selectors narrowed to the
 * device's address and the gateway's (RFC 7296 §2.9, §2.19).
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
        sa.mobility().supported(Mobility.isAnnounced(request));
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
                .filter(cp -> cp.cfgType() == ConfigType.CFG_REQUEST)
                .filter(cp -> asks(cp, ConfigAttributeType.INTERNAL_IP4_ADDRESS));
        if (wanted.isEmpty()) {
            return new ChildOutcome.Refused(NotifyType.FAILED_CP_REQUIRED, "the device asks for no inner IPv4 address");
        }
        Optional<InnerAddresses> leased = sa.host().lease(sa);
        if (leased.isEmpty()) {
            return new ChildOutcome.Refused(NotifyType.INTERNAL_ADDRESS_FAILURE, "the address pool is exhausted");
        }
        InnerAddresses addresses = leased.get();
        List<TrafficSelector> remote = Selectors.narrow(tsi, TrafficSelector.of(addresses.device()));
        List<TrafficSelector> local = Selectors.narrow(tsr, TrafficSelector.of(addresses.gateway()));
        if (remote.isEmpty() || local.isEmpty()) {
            return new ChildOutcome.Refused(NotifyType.TS_UNACCEPTABLE, "the device's traffic selectors leave out "
                    + (remote.isEmpty() ? "its address " + addresses.device() : "the gateway " + addresses.gateway()));
        }
        return agree(sa, chosen.get(), new Pair(local, remote), addresses, new Request(wanted.get(), peerNonce, nonce));
    }

    private record Pair(List<TrafficSelector> local, List<TrafficSelector> remote) {}

    private record Request(ConfigPayload wanted, byte[] peerNonce, byte[] nonce) {}

    private static ChildOutcome agree(
            IkeSa sa, Negotiation.ChosenChild chosen, Pair selectors, InnerAddresses addresses, Request request) {
        int ourSpi = sa.host().newInboundSpi();
        RandomSource random = sa.settings().random();
        var terms = new ChildTerms(
                Optional.empty(), ourSpi, chosen.peerSpi(), selectors.local(), selectors.remote());
        ChildSa child = ChildKeys.derive(sa.exchanges().keys(), chosen.suite(), request.peerNonce(), request.nonce())
                .toChildSa(false, terms, random);
        var payloads = new ArrayList<Payload>(List.of(
                new ConfigPayload(ConfigType.CFG_REPLY, attributes(request.wanted(), addresses)),
                chosen.answer(ourSpi),
                new TsPayload(true, selectors.remote()),
                new TsPayload(false, selectors.local())));
        if (sa.mobility().isSupported()) {
            payloads.add(Mobility.announcement());
        }
        return new ChildOutcome.Agreed(child, addresses, payloads);
    }

    private static boolean asks(ConfigPayload request, int type) {
        return request.attributes().stream().anyMatch(a -> a.type() == type);
    }

    /** Only what was asked for (RFC 7296 §3.15.1). */
    private static List<ConfigAttribute> attributes(ConfigPayload request, InnerAddresses addresses) {
        var reply = new ArrayList<ConfigAttribute>();
        reply.add(ConfigAttribute.of(ConfigAttributeType.INTERNAL_IP4_ADDRESS, addresses.device()));
        if (asks(request, ConfigAttributeType.INTERNAL_IP4_DNS)) {
            addresses.dns().stream()
                    .filter(dns -> dns.bitLength() == 32)
                    .forEach(dns -> reply.add(ConfigAttribute.of(ConfigAttributeType.INTERNAL_IP4_DNS, dns)));
        }
        return reply;
    }
}
