package jkipsec.ike;

import java.util.Objects;
import java.util.Optional;
import jkipsec.ip.IpAddress;

/**
 * What an initiator needs to know to connect to a gateway.
 *
 * @param ike the path for IKE_SA_INIT, to the gateway's port 500
 * @param natT the path for all that follows, to the gateway's port 4500 (RFC 7296 §2.23)
 * @param identity who we are, IDi
 * @param gatewayIdentity who the gateway must be: sent as IDr, and its own IDr must name the same; empty accepts any
 *     that knows the key, or has a certificate for what it calls itself
 * @param login how both sides prove who they are
 * @param policy what is offered
 * @param families of which families addresses inside the tunnel are asked for
 * @param redirectedFrom the gateway that sent us to this one (RFC 5685 §3)
 * @param ppk the post-quantum pre-shared key that we have with it, if any
 */
public record Initiation(
        Path ike,
        Path natT,
        Identification identity,
        Optional<Identification> gatewayIdentity,
        Login login,
        IkePolicy policy,
        InnerFamilies families,
        Optional<IpAddress> redirectedFrom,
        Optional<PpkUse> ppk) {
    /** Checks the roles of the sockets, and that the policy fits a pre-shared key. */
    public Initiation {
        Objects.requireNonNull(identity, "identity");
        Objects.requireNonNull(gatewayIdentity, "gatewayIdentity");
        Objects.requireNonNull(login, "login");
        Objects.requireNonNull(policy, "policy");
        Objects.requireNonNull(families, "families");
        Objects.requireNonNull(redirectedFrom, "redirectedFrom");
        Objects.requireNonNull(ppk, "ppk");
        if (natT.role() != PortRole.NAT_T) {
            throw new IllegalArgumentException("the second path must use a NAT-T socket, not " + natT);
        }
        if (login instanceof Login.SharedKey) {
            policy.requireUsableSharedKeys();
        }
    }
}
