package jkipsec.ike;

import java.util.Objects;
import java.util.Optional;
import jkipsec.ip.Endpoint;
import jkipsec.ip.IpAddress;

/**
 * A device that can follow a redirect, and wants in.
 *
 * @param device where it is on the outside
 * @param identity who it is, proved; empty in IKE_SA_INIT, when nothing is known of it (RFC 5685 §3)
 * @param redirectedFrom the gateway that sent it here, as it says itself
 */
public record RedirectQuery(
        Endpoint device, Optional<Identification> identity, Optional<IpAddress> redirectedFrom) {
    /** Checks that all is there. */
    public RedirectQuery {
        Objects.requireNonNull(device, "device");
        Objects.requireNonNull(identity, "identity");
        Objects.requireNonNull(redirectedFrom, "redirectedFrom");
    }
}
