package jkipsec.ike;

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
 * The initiator's side of the first Child SA: asks for an inner address and offers all traffic, then takes what the
 * gateway narrowed it to (RFC 7296 §2.9, §2.19).
 */
final class ChildInitiator {
    private final IkeSa sa;
    private final int ourSpi;

    ChildInitiator(IkeSa sa) {
        this.sa = sa;
        this.ourSpi = sa.host().newInboundSpi();
    }

    /** CP, SA, TSi and TSr of the request, and what else IKE_AUTH settles beside the proof. */
    List<Payload> offer() {
        List<TrafficSelector> all = List.of(TrafficSelector.anyIpv4());
        return List.of(
                new ConfigPayload(ConfigType.CFG_REQUEST, List.of(
                        ConfigAttribute.of(ConfigAttributeType.INTERNAL_IP4_ADDRESS),
                        ConfigAttribute.of(ConfigAttributeType.INTERNAL_IP4_DNS))),
                Negotiation.offerChild(sa.settings().policy().espSuites(), Optional.empty(), ourSpi),
                new TsPayload(true, all),
                new TsPayload(false, all),
                Mobility.announcement());
    }

    /** Takes the gateway's answer. */
    ChildOutcome complete(List<Payload> answer, byte[] nonce, byte[] peerNonce) {
        sa.mobility().supported(Mobility.isAnnounced(answer));
        Optional<SaPayload> chosen = Payloads.first(answer, SaPayload.class).filter(Negotiation::isOneChoice);
        Optional<Negotiation.ChosenChild> choice =
                chosen.flatMap(offer -> Negotiation.chooseFirstChild(offer, sa.settings().policy()));
        Optional<IpAddress> address = addresses(answer, ConfigAttributeType.INTERNAL_IP4_ADDRESS).stream().findFirst();
        List<TrafficSelector> local = Payloads.selectors(answer, true);
        List<TrafficSelector> remote = Payloads.selectors(answer, false);
        if (choice.isEmpty()) {
            return refused("the gateway's choice of an ESP suite does not fit the offer");
        }
        if (address.isEmpty()) {
            return refused("the gateway assigned no inner IPv4 address");
        }
        if (remote.isEmpty() || local.stream().noneMatch(ts -> ts.contains(address.get()))) {
            return refused("the gateway's traffic selectors leave out the address it assigned, " + address.get());
        }
        RandomSource random = sa.settings().random();
        var terms = new ChildTerms(Optional.empty(), ourSpi, choice.get().peerSpi(), local, remote);
        ChildSa child = ChildKeys.derive(sa.exchanges().keys(), choice.get().suite(), nonce, peerNonce)
                .toChildSa(true, terms, random);
        var addresses = new InnerAddresses(
                address.get(), remote.get(0).start(), addresses(answer, ConfigAttributeType.INTERNAL_IP4_DNS));
        return new ChildOutcome.Agreed(child, addresses, List.of());
    }

    private static ChildOutcome refused(String why) {
        return new ChildOutcome.Refused(NotifyType.INVALID_SYNTAX, why);
    }

    private static List<IpAddress> addresses(List<Payload> payloads, int type) {
        return Payloads.first(payloads, ConfigPayload.class).stream()
                .filter(cp -> cp.cfgType() == ConfigType.CFG_REPLY)
                .flatMap(cp -> cp.attributes().stream())
                .filter(a -> a.type() == type && a.value().length == 4)
                .map(a -> IpAddress.of(a.value()))
                .toList();
    }
}
