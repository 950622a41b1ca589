package jkipsec.ike;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import jkipsec.ike.message.NotifyPayload;
import jkipsec.ike.message.NotifyType;
import jkipsec.ike.message.Payload;
import jkipsec.ip.Endpoint;
import jkipsec.ip.IpAddress;

/**
 * At which other addresses a peer says that it can be reached (RFC 4555 §3.4, §3.6, §4.2). Confined to the thread that
 * owns the IKE SA.
 */
final class PeerAddresses {
    /** More than any host has that is meant well; each may be sent to when the peer is silent. */
    private static final int MOST = 8;

    private final Set<IpAddress> known = new LinkedHashSet<>();

    /** What an endpoint says of its own: in IKE_AUTH nothing when there are none (§3.4). */
    static List<Payload> inAuth(List<IpAddress> own) {
        return own.stream()
                .<Payload>map(address -> NotifyPayload.of(
                        address.bitLength() == 32
                                ? NotifyType.ADDITIONAL_IP4_ADDRESS
                                : NotifyType.ADDITIONAL_IP6_ADDRESS,
                        address.toByteArray()))
                .toList();
    }

    /** The same later: a list takes the place of what was said before (§3.6). */
    static List<Payload> inUpdate(List<IpAddress> own) {
        return own.isEmpty() ? List.of(NotifyPayload.of(NotifyType.NO_ADDITIONAL_ADDRESSES)) : inAuth(own);
    }

    /** Takes what a message says, if it says anything about that. */
    void learn(List<Payload> payloads) {
        var said = new ArrayList<IpAddress>();
        boolean any = false;
        for (Payload payload : payloads) {
            if (payload instanceof NotifyPayload notify) {
                Optional<IpAddress> address = address(notify);
                any |= address.isPresent() || notify.type() == NotifyType.NO_ADDITIONAL_ADDRESSES;
                address.ifPresent(said::add);
            }
        }
        if (any) {
            known.clear();
            said.stream().limit(MOST).forEach(known::add);
        }
    }

    private static Optional<IpAddress> address(NotifyPayload notify) {
        byte[] data = notify.data();
        boolean whole = switch (notify.type()) {
            case NotifyType.ADDITIONAL_IP4_ADDRESS -> data.length == 4;
            case NotifyType.ADDITIONAL_IP6_ADDRESS -> data.length == 16;
            default -> false;
        };
        return whole ? Optional.of(IpAddress.of(data)) : Optional.empty();
    }

    /** One where the peer was until now. */
    void add(IpAddress address) {
        if (known.size() < MOST) {
            known.add(address);
        }
    }

    void remove(IpAddress address) {
        known.remove(address);
    }

    void inherit(PeerAddresses other) {
        known.addAll(other.known);
    }

    List<IpAddress> all() {
        return List.copyOf(known);
    }

    /** The paths to these from the socket of another path, to the same port, of the family that the socket speaks. */
    List<Path> insteadOf(Path path) {
        Endpoint present = path.peer();
        return known.stream()
                .filter(address -> !address.equals(present.address()) && address.sameFamily(present.address()))
                .map(address -> new Path(path.socket(), path.role(), new Endpoint(address, present.port())))
                .toList();
    }
}
