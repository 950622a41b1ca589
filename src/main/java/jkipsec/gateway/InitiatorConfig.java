package jkipsec.gateway;

import java.util.Objects;
import java.util.Optional;
import jkipsec.bytes.Secret;
import jkipsec.ike.IkePolicy;
import jkipsec.ike.Identification;
import jkipsec.ike.Login;
import jkipsec.ip.Endpoint;

/**
 * Another gateway to connect to. Immutable.
 *
 * @param serverIke its address and port for IKE_SA_INIT, by default port 500
 * @param serverNatT its address and port for all that follows, by default port 4500
 * @param local who we are
 * @param remote who it must be; empty accepts any that knows the key, or has a certificate for what it calls itself
 * @param login how both sides prove who they are
 * @param policy what is offered
 */
public record InitiatorConfig(
        Endpoint serverIke,
        Endpoint serverNatT,
        Identification local,
        Optional<Identification> remote,
        Login login,
        IkePolicy policy) {
    /** Checks that all is there. */
    public InitiatorConfig {
        Objects.requireNonNull(serverIke, "serverIke");
        Objects.requireNonNull(serverNatT, "serverNatT");
        Objects.requireNonNull(local, "local");
        Objects.requireNonNull(remote, "remote");
        Objects.requireNonNull(login, "login");
        Objects.requireNonNull(policy, "policy");
    }

    /**
     * Another gateway to connect to with a pre-shared key.
     *
     * @param serverIke its address and port for IKE_SA_INIT, by default port 500
     * @param serverNatT its address and port for all that follows, by default port 4500
     * @param local who we are
     * @param remote who it must be; empty accepts any that knows the key
     * @param authKey prf(PSK, "Key Pad for IKEv2"), RFC 7296 §2.15; not destroyed
     * @param policy what is offered
     */
    public InitiatorConfig(
            Endpoint serverIke,
            Endpoint serverNatT,
            Identification local,
            Optional<Identification> remote,
            Secret authKey,
            IkePolicy policy) {
        this(serverIke, serverNatT, local, remote, new Login.SharedKey(authKey), policy);
    }
}
