package jkipsec.gateway;

import java.util.Objects;
import java.util.Optional;
import jkipsec.bytes.Secret;
import jkipsec.ike.IkePolicy;
import jkipsec.ike.Identification;
import jkipsec.ike.InnerFamilies;
import jkipsec.ike.Login;
import jkipsec.ike.PpkUse;
import jkipsec.ip.Endpoint;
import jkipsec.ip.IpAddress;

/**
 * Another gateway to connect to. Immutable.
 *
 * @param serverIke its address and port for IKE_SA_INIT, by default port 500
 * @param serverNatT its address and port for all that follows, by default port 4500
 * @param local who we are
 * @param remote who it must be; empty accepts any that knows the key, or has a certificate for what it calls itself
 * @param login how both sides prove who they are
 * @param policy what is offered
 * @param families of which families addresses inside the tunnel are asked for
 * @param redirectedFrom the gateway that sent us to this one (RFC 5685 §3)
 * @param ppk the post-quantum pre-shared key that we have with it (RFC 8784), if any
 */
public record InitiatorConfig(
        Endpoint serverIke,
        Endpoint serverNatT,
        Identification local,
        Optional<Identification> remote,
        Login login,
        IkePolicy policy,
        InnerFamilies families,
        Optional<IpAddress> redirectedFrom,
        Optional<PpkUse> ppk) {
    /** Checks that all is there. */
    public InitiatorConfig {
        Objects.requireNonNull(serverIke, "serverIke");
        Objects.requireNonNull(serverNatT, "serverNatT");
        Objects.requireNonNull(local, "local");
        Objects.requireNonNull(remote, "remote");
        Objects.requireNonNull(login, "login");
        Objects.requireNonNull(policy, "policy");
        Objects.requireNonNull(families, "families");
        Objects.requireNonNull(redirectedFrom, "redirectedFrom");
        Objects.requireNonNull(ppk, "ppk");
    }

    /**
     * Another gateway to connect to, asked for an IPv4 address inside.
     *
     * @param serverIke its address and port for IKE_SA_INIT, by default port 500
     * @param serverNatT its address and port for all that follows, by default port 4500
     * @param local who we are
     * @param remote who it must be; empty accepts any that proves what it calls itself
     * @param login how both sides prove who they are
     * @param policy what is offered
     */
    public InitiatorConfig(
            Endpoint serverIke,
            Endpoint serverNatT,
            Identification local,
            Optional<Identification> remote,
            Login login,
            IkePolicy policy) {
        this(serverIke, serverNatT, local, remote, login, policy, InnerFamilies.IPV4, Optional.empty(), Optional.empty());
    }

    /**
     * The same gateway, asked for addresses of other families.
     *
     * @param wanted the families
     * @return the configuration
     */
    public InitiatorConfig withFamilies(InnerFamilies wanted) {
        return new InitiatorConfig(
                serverIke, serverNatT, local, remote, login, policy, wanted, redirectedFrom, ppk);
    }

    /**
     * The same for the gateway to which another has sent us.
     *
     * @param from the address of the gateway that has
     * @return the configuration
     */
    public InitiatorConfig redirectedFrom(IpAddress from) {
        return new InitiatorConfig(
                serverIke, serverNatT, local, remote, login, policy, families, Optional.of(from), ppk);
    }

    /**
     * The same gateway, with which we have a post-quantum pre-shared key.
     *
     * @param use the key, and whether we do without
     * @return the configuration
     */
    public InitiatorConfig withPpk(PpkUse use) {
        return new InitiatorConfig(
                serverIke, serverNatT, local, remote, login, policy, families, redirectedFrom, Optional.of(use));
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
