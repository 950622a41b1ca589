package jkipsec.gateway;

import java.util.List;
import java.util.Objects;
import java.util.Optional;
import jkipsec.ike.CertificateConfig;
import jkipsec.ike.Identification;
import jkipsec.ike.IkePolicy;
import jkipsec.ike.PortRole;
import jkipsec.ike.PpkPolicy;
import jkipsec.ip.IpAddress;
import jkipsec.ip.IpPrefix;
import jkipsec.tcp.TcpConfig;

/**
 * What a gateway is. Immutable.
 *
 * @param responder what it offers to devices that connect; empty for one that only connects itself
 * @param publicAddress its address as the outside sees it, if known: NAT detection compares with it
 * @param policy what it accepts
 * @param tcp how its TCP behaves
 * @param mtu how large the packets inside its tunnels are
 * @param sockets its UDP sockets, at least one of them for NAT traversal
 */
public record GatewayConfig(
        Optional<Responder> responder,
        Optional<IpAddress> publicAddress,
        IkePolicy policy,
        TcpConfig tcp,
        TunnelMtu mtu,
        List<LocalSocket> sockets) {
    /** Checks that it can work. */
    public GatewayConfig {
        Objects.requireNonNull(responder, "responder");
        Objects.requireNonNull(publicAddress, "publicAddress");
        Objects.requireNonNull(policy, "policy");
        Objects.requireNonNull(tcp, "tcp");
        Objects.requireNonNull(mtu, "mtu");
        sockets = List.copyOf(sockets);
        if (sockets.stream().noneMatch(socket -> socket.role() == PortRole.NAT_T)) {
            throw new IllegalArgumentException("a gateway needs a NAT-T socket, by default port 4500: ESP comes there");
        }
    }

    /**
     * A gateway whose tunnels' packets are of the usual size.
     *
     * @param responder what it offers to devices that connect; empty for one that only connects itself
     * @param publicAddress its address as the outside sees it, if known
     * @param policy what it accepts
     * @param tcp how its TCP behaves
     * @param sockets its UDP sockets, at least one of them for NAT traversal
     */
    public GatewayConfig(
            Optional<Responder> responder,
            Optional<IpAddress> publicAddress,
            IkePolicy policy,
            TcpConfig tcp,
            List<LocalSocket> sockets) {
        this(responder, publicAddress, policy, tcp, TunnelMtu.defaults(), sockets);
    }

    /**
     * What a gateway offers to devices.
     *
     * @param identity who it is, its IDr
     * @param inner what devices find inside their tunnels
     * @param certificates its certificate, and those it trusts; who trusts any needs one
     * @param ppk what it does with post-quantum pre-shared keys
     */
    public record Responder(
            Identification identity, InnerNetwork inner, CertificateConfig certificates, PpkPolicy ppk) {
        /** Checks that all is there. */
        public Responder {
            Objects.requireNonNull(identity, "identity");
            Objects.requireNonNull(inner, "inner");
            Objects.requireNonNull(ppk, "ppk");
            if (certificates.trusted().isPresent() && certificates.credentials().isEmpty()) {
                throw new IllegalArgumentException(
                        "devices with certificates want one from the gateway too: give its credentials");
            }
        }

        /**
         * What a gateway without post-quantum pre-shared keys offers to devices.
         *
         * @param identity who it is, its IDr
         * @param inner what devices find inside their tunnels
         * @param certificates its certificate, and those it trusts; who trusts any needs one
         */
        public Responder(Identification identity, InnerNetwork inner, CertificateConfig certificates) {
            this(identity, inner, certificates, PpkPolicy.none());
        }

        /**
         * What a gateway offers to devices with pre-shared keys.
         *
         * @param identity who it is, its IDr
         * @param inner what devices find inside their tunnels
         */
        public Responder(Identification identity, InnerNetwork inner) {
            this(identity, inner, CertificateConfig.none());
        }

        /**
         * A gateway whose tunnels carry IPv4 and lead to nothing but itself.
         *
         * @param identity who it is, its IDr
         * @param pool the addresses inside the tunnels
         * @param dns the DNS servers that devices are told
         * @param certificates its certificate, and those it trusts
         */
        public Responder(
                Identification identity, IpPrefix pool, List<IpAddress> dns, CertificateConfig certificates) {
            this(identity, InnerNetwork.of(pool, dns), certificates);
        }

        /**
         * A gateway for devices with pre-shared keys whose tunnels carry IPv4 and lead to nothing but itself.
         *
         * @param identity who it is, its IDr
         * @param pool the addresses inside the tunnels
         * @param dns the DNS servers that devices are told
         */
        public Responder(Identification identity, IpPrefix pool, List<IpAddress> dns) {
            this(identity, InnerNetwork.of(pool, dns));
        }
    }
}
