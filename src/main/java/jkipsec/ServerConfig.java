package jkipsec;

import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import jkipsec.gateway.InnerNetwork;
import jkipsec.gateway.TunnelMtu;
import jkipsec.ike.Identification;
import jkipsec.ike.IkePolicy;
import jkipsec.ike.Liveness;
import jkipsec.ike.PpkPolicy;
import jkipsec.ike.PpkSource;
import jkipsec.ip.IpAddress;
import jkipsec.ip.IpPrefix;
import jkipsec.ip.Ipv4Address;

/**
 * What a {@link VpnServer} is and whom it lets in. Immutable; made by a {@link Builder}, which checks each value when
 * it is given and says what to write instead.
 *
 * {@snippet :
 * ServerConfig config = ServerConfig.builder()
 *     .publicAddress("203.0.113.1")
 *     .identity("vpn.example.com")
 *     .authenticator(c -> c.identity().equals("alice") ? c.approveWith(aliceKey) : AuthDecision.reject())
 *     .build();
 * }
 */
public final class ServerConfig {
    private final IpAddress bindAddress;
    private final int ikePort;
    private final int natTPort;
    private final Optional<IpAddress> publicAddress;
    private final List<IpAddress> additionalAddresses;
    private final Identification identity;
    private final InnerNetwork inner;
    private final Authenticator authenticator;
    private final CertificateSettings certificates;
    private final Algorithms algorithms;
    private final IkePolicy policy;
    private final TunnelMtu mtu;
    private final Optional<TunnelListener> listener;
    private final Optional<Forwarder> forwarder;
    private final ForwardLimits forwardLimits;
    private final Optional<Redirector> redirector;
    private final PpkPolicy ppk;

    private ServerConfig(Builder builder) {
        bindAddress = builder.bindAddress;
        ikePort = builder.ikePort;
        natTPort = builder.natTPort;
        publicAddress = Optional.ofNullable(builder.publicAddress);
        additionalAddresses = builder.additionalAddresses;
        identity = builder.identity;
        inner = builder.inner;
        authenticator = builder.authenticator;
        certificates = builder.certificates;
        algorithms = builder.algorithms;
        policy = builder.policy;
        mtu = builder.mtu;
        listener = Optional.ofNullable(builder.listener);
        forwarder = Optional.ofNullable(builder.forwarder);
        forwardLimits = builder.forwardLimits;
        redirector = Optional.ofNullable(builder.redirector);
        ppk = new PpkPolicy(Optional.ofNullable(builder.ppk), builder.ppkRequired);
    }

    /**
     * Starts from the defaults: all local addresses, ports 500 and 4500, the pool 10.8.0.0/24, no DNS server, both
     * suites. An identity and an authenticator must be given.
     *
     * @return a new builder
     */
    public static Builder builder() {
        return new Builder();
    }

    IpAddress bindAddress() {
        return bindAddress;
    }

    int ikePort() {
        return ikePort;
    }

    int natTPort() {
        return natTPort;
    }

    Optional<IpAddress> publicAddress() {
        return publicAddress;
    }

    List<IpAddress> additionalAddresses() {
        return additionalAddresses;
    }

    Identification identity() {
        return identity;
    }

    InnerNetwork inner() {
        return inner;
    }

    Authenticator authenticator() {
        return authenticator;
    }

    CertificateSettings certificates() {
        return certificates;
    }

    Algorithms algorithms() {
        return algorithms;
    }

    /** What is accepted, and how patiently. */
    IkePolicy policy() {
        return algorithms.in(policy);
    }

    /** How large packets are. */
    TunnelMtu mtu() {
        return mtu;
    }

    Optional<TunnelListener> listener() {
        return listener;
    }

    Optional<Forwarder> forwarder() {
        return forwarder;
    }

    ForwardLimits forwardLimits() {
        return forwardLimits;
    }

    Optional<Redirector> redirector() {
        return redirector;
    }

    PpkPolicy ppk() {
        return ppk;
    }

    /** Shows every setting but the private key. */
    @Override
    public String toString() {
        return "ServerConfig[bind " + bindAddress + " ports " + ikePort + " and " + natTPort
                + publicAddress.map(address -> ", public " + address).orElse("")
                + (additionalAddresses.isEmpty() ? "" : ", also " + additionalAddresses)
                + ", identity " + identity + certificates
                + (ppk.source().isPresent() ? ", PPKs" + (ppk.mandatory() ? " required" : "") : "")
                + ", pool " + inner.pool() + inner.pool6().map(pool -> " and " + pool).orElse("")
                + (inner.offered().isEmpty() ? "" : ", offered " + inner.offered())
                + ", dns " + inner.dns() + (inner.domains().isEmpty() ? "" : " for " + inner.domains())
                + ", " + algorithms
                + ", cookies from " + policy.limits().halfOpen().cookieThreshold()
                + ", " + Settings.describe(policy, mtu) + "]";
    }

    /** Collects the settings of a {@link ServerConfig}. Not thread-safe. */
    public static final class Builder extends ConfigBuilder<Builder> {
        private IpAddress bindAddress = IpAddress.parse("0.0.0.0");
        private int ikePort = 500;
        private int natTPort = 4500;
        private IpAddress publicAddress;
        private List<IpAddress> additionalAddresses = List.of();
        private Identification identity;
        private InnerNetwork inner = InnerNetwork.of(IpPrefix.parse("10.8.0.0/24"), List.of());
        private Authenticator authenticator;
        private CertificateSettings certificates = CertificateSettings.NONE;
        private TunnelListener listener;
        private Forwarder forwarder;
        private ForwardLimits forwardLimits = ForwardLimits.defaults();
        private Redirector redirector;
        private PpkSource ppk;
        private boolean ppkRequired;

        private Builder() {}

        @Override
        Builder self() {
            return this;
        }

        /**
         * Which local address to receive on.
         *
         * @param address an IP address literal; {@code 0.0.0.0}, the default, is every local address, and so is
         *     {@code ::} where the machine has IPv6
         * @return this
         * @throws IllegalArgumentException when it is not an address literal
         */
        public Builder bind(String address) {
            bindAddress = Settings.address("bind address", address);
            return this;
        }

        /**
         * The UDP port for IKE before a NAT is detected.
         *
         * @param port 500 unless the devices are told otherwise; 0 takes any free port
         * @return this
         * @throws IllegalArgumentException when it is not 0 to 65,535
         */
        public Builder ikePort(int port) {
            ikePort = Settings.port("IKE port", port);
            return this;
        }

        /**
         * The UDP port for IKE behind the non-ESP marker and for ESP (RFC 3948).
         *
         * @param port 4500 unless the devices are told otherwise; 0 takes any free port
         * @return this
         * @throws IllegalArgumentException when it is not 0 to 65,535
         */
        public Builder natTPort(int port) {
            natTPort = Settings.port("NAT-T port", port);
            return this;
        }

        /**
         * The address at which the devices reach this server, when it is not the one that is bound: behind a port
         * forwarding, for instance. It serves NAT detection.
         *
         * @param address an IP address literal
         * @return this
         * @throws IllegalArgumentException when it is not an address literal
         */
        public Builder publicAddress(String address) {
            publicAddress = Settings.address("public address", address);
            return this;
        }

        /**
         * At which other addresses, with the same ports, the devices reach this server: a second uplink whose datagrams
         * are forwarded to it, for instance. Devices with MOBIKE are told (RFC 4555 §3.4), and some try them when the
         * first does not answer any more.
         *
         * @param addresses IP address literals, at most 8
         * @return this
         * @throws IllegalArgumentException when one is not such a literal, or there are more
         */
        public Builder additionalAddresses(String... addresses) {
            if (addresses.length > 8) {
                throw new IllegalArgumentException(addresses.length + " additional addresses are more than 8");
            }
            additionalAddresses = Stream.of(addresses)
                    .map(address -> Settings.address("additional address", address))
                    .toList();
            return this;
        }

        /**
         * Who this server says it is: what the devices have as <i>Remote ID</i>.
         *
         * @param name a domain name, a mail address or an IP address literal
         * @return this
         * @throws IllegalArgumentException when it is empty
         */
        public Builder identity(String name) {
            identity = Identification.of(name);
            return this;
        }

        /**
         * The inner addresses. The first after the block's own address is this server's, the following ones are given
         * to the devices, one each: of 10.8.0.0/24 the server has 10.8.0.1 and up to 253 devices the rest.
         *
         * @param cidr an IPv4 block such as {@code 10.8.0.0/24}, of 8 to 30 bits
         * @return this
         * @throws IllegalArgumentException when it is not such a block
         */
        public Builder addressPool(String cidr) {
            IpPrefix pool = IpPrefix.parse(cidr);
            if (!(pool.address() instanceof Ipv4Address) || pool.length() < 8 || pool.length() > 30) {
                throw new IllegalArgumentException("the address pool \"" + cidr + "\" is not an IPv4 block of 8 to 30"
                        + " bits; write it like 10.8.0.0/24");
            }
            inner = inner.withPool(pool);
            return this;
        }

        /**
         * The inner IPv6 addresses, dealt out as those of {@link #addressPool} are, to devices that ask for one.
         * Without such a pool, the default, the tunnels carry IPv4 only.
         *
         * @param cidr an IPv6 block such as {@code fd12:3456:789a::/64}, of 8 to 126 bits
         * @return this
         * @throws IllegalArgumentException when it is not such a block
         */
        public Builder addressPool6(String cidr) {
            IpPrefix pool = IpPrefix.parse(cidr);
            if (pool.address() instanceof Ipv4Address || pool.length() < 8 || pool.length() > 126) {
                throw new IllegalArgumentException("the address pool \"" + cidr + "\" is not an IPv6 block of 8 to 126"
                        + " bits; write it like fd12:3456:789a::/64");
            }
            inner = inner.withPool6(pool);
            return this;
        }

        /**
         * Which networks devices may send to through the tunnel: their traffic selectors are narrowed to these and to
         * this server's own inner addresses, which are always among them. Nothing else is the default;
         * {@code 0.0.0.0/0} and {@code ::/0} let a device send everything.
         *
         * <p>What is not for this server's own inner addresses is for the tunnel's {@link Tunnel#forwarder} to decide
         * about. Without one it is dropped, and counted as {@code ip.NOT_FORWARDED} in {@link VpnServer#statistics}.
         *
         * @param cidrs blocks of either family, such as {@code 192.168.0.0/16}; IPv6 ones matter only with {@link
         *     #addressPool6}
         * @return this
         * @throws IllegalArgumentException when one is not a block
         */
        public Builder offer(String... cidrs) {
            inner = inner.withOffered(Stream.of(cidrs).map(IpPrefix::parse).toArray(IpPrefix[]::new));
            return this;
        }

        /**
         * The domains that devices are to ask the {@link #dns} servers about, and no other (RFC 8598): split DNS. Those
         * that do not ask for domains, and all of them when there is no DNS server, are not told.
         *
         * @param names domain names such as {@code corp.example}; each includes what is below it
         * @return this
         * @throws IllegalArgumentException when one is not a domain name
         */
        public Builder dnsDomains(String... names) {
            inner = inner.withDns(inner.dns(), Stream.of(names).map(Settings::domain).toList());
            return this;
        }

        /**
         * The DNS servers that devices are told to ask.
         *
         * @param addresses IP address literals of either family, perhaps none; a device is told those of the families
         *     whose servers it asks for
         * @return this
         * @throws IllegalArgumentException when one is not such a literal
         */
        public Builder dns(String... addresses) {
            List<IpAddress> servers = Stream.of(addresses)
                    .map(address -> Settings.address("DNS server", address))
                    .toList();
            inner = inner.withDns(servers, inner.domains());
            return this;
        }

        /**
         * Who decides about devices.
         *
         * @param decides asked on virtual threads, by several at once
         * @return this
         */
        public Builder authenticator(Authenticator decides) {
            authenticator = Objects.requireNonNull(decides, "authenticator");
            return this;
        }

        /**
         * How long the {@link #authenticator} may take to decide about a device. After that the device is refused and
         * the thread interrupted.
         *
         * @param time 100 milliseconds to one hour; 20 seconds unless given, since devices do not wait for long
         * @return this
         * @throws IllegalArgumentException when it is shorter or longer
         */
        public Builder decisionTimeout(Duration time) {
            policy = policy.withLimits(policy.limits().withDecisions(new IkePolicy.Decisions(
                    Settings.decisionTimeout(time), policy.limits().decisions().atOnce())));
            return this;
        }

        /**
         * About how many devices the {@link #authenticator} is asked at the same time, so that one that hangs does not
         * gather threads without end. Further devices wait; those whose time runs out meanwhile get no answer, try again,
         * and are counted as {@code ike.DECISIONS_LIMIT} in {@link VpnServer#statistics}.
         *
         * @param most 1 to 100,000; 256 unless given
         * @return this
         * @throws IllegalArgumentException when it is less or more
         */
        public Builder decisionsAtOnce(int most) {
            if (most < 1 || most > 100_000) {
                throw new IllegalArgumentException(most + " decisions at once are not 1 to 100000; 256 are usual");
            }
            policy = policy.withLimits(policy.limits().withDecisions(
                    new IkePolicy.Decisions(policy.limits().decisions().time(), most)));
            return this;
        }

        /**
         * By what this server proves who it is to devices that do not use a pre-shared key. It lets users log in by
         * name and password (EAP-MSCHAPv2), and with {@link #trust} devices by certificate; pre-shared keys go on as
         * without. The certificate has to give the {@link #identity} as a subject alternative name.
         *
         * @param pem the text of PEM files, in any order: one private key (PKCS #8, not encrypted; EC on P-256, P-384
         *     or P-521, RSA from 2,048 bits, or Ed25519), its certificate, and those of intermediate authorities
         * @return this
         * @throws IllegalArgumentException when something is missing, cannot be read, or does not belong together
         */
        public Builder certificate(String pem) {
            certificates = certificates.withOwn(pem);
            return this;
        }

        /**
         * Which authorities' word is believed about devices that log in by certificate; without, none can. Revocation
         * is not checked here: the {@link #authenticator} sees every certificate.
         *
         * @param pem the text of a PEM file with the authorities' certificates, or of single devices'
         * @return this
         * @throws IllegalArgumentException when there is none, or one that cannot be read
         */
        public Builder trust(String pem) {
            certificates = certificates.withTrusted(pem);
            return this;
        }

        /**
         * Lets RSA signatures with SHA-1 prove who somebody is (RFC 7296 §3.8, authentication method 1), but only with
         * devices that do not say which hashes they know (RFC 7427 §4). Windows, and Apple devices set up by hand, are
         * such, and with an RSA certificate have nothing else. SHA-1 has been broken for years for what an attacker can
         * prepare; give the server an ECDSA certificate rather, which those devices accept without SHA-1.
         *
         * @return this
         */
        public Builder allowSha1Signatures() {
            certificates = certificates.withSha1();
            return this;
        }

        /**
         * From how many handshakes under way on a device must first send back a cookie (RFC 7296 §2.6), which proves
         * that its address is not forged and costs a round trip. Whatever this is, it also has to from 32 handshakes
         * on that are under way from its own address.
         *
         * @param handshakes 0 to ask always; 64 unless given
         * @return this
         * @throws IllegalArgumentException when it is negative
         */
        public Builder cookieThreshold(int handshakes) {
            if (handshakes < 0) {
                throw new IllegalArgumentException("the cookie threshold " + handshakes
                        + " is negative; 0 asks every device for a cookie");
            }
            policy = policy.withLimits(policy.limits().withCookiesFrom(handshakes));
            return this;
        }

        /**
         * What becomes of an identity's tunnel when the same identity logs in again. Give
         * {@link jkipsec.ike.Liveness.SecondLogin#KEEP} when several devices share one identity. A device that says that
         * it has no other tunnel (INITIAL_CONTACT, RFC 7296 §2.4) is not believed blindly, since phones that share an
         * identity say so too: a tunnel from the very same outer address and port ends, whatever the answer is; others
         * are asked at once whether they live.
         *
         * @param answer the old one is replaced unless given
         * @return this
         */
        public Builder secondLogin(Liveness.SecondLogin answer) {
            policy = policy.withLiveness(policy.liveness().withSecondLogin(answer));
            return this;
        }

        /**
         * Who hears of every tunnel: that it is up, what happens to it, and why it ended.
         *
         * @param hears called on virtual threads, for several tunnels at once
         * @return this
         */
        public Builder listener(TunnelListener hears) {
            listener = Objects.requireNonNull(hears, "listener");
            return this;
        }

        /**
         * Who decides, in every tunnel from its first packet on, about what the device sends to others within {@link
         * #offer}; see {@link Tunnel#forwarder}.
         *
         * @param decides called for each flow on a virtual thread of its own
         * @return this
         */
        public Builder forwarder(Forwarder decides) {
            return forwarder(decides, ForwardLimits.defaults());
        }

        /**
         * Who decides about what devices send to others, and how much of it there may be.
         *
         * @param decides called for each flow on a virtual thread of its own
         * @param limits how many flows each device may have
         * @return this
         */
        public Builder forwarder(Forwarder decides, ForwardLimits limits) {
            forwarder = Objects.requireNonNull(decides, "forwarder");
            forwardLimits = Objects.requireNonNull(limits, "limits");
            return this;
        }

        /**
         * The post-quantum pre-shared keys that devices may have beside what they prove themselves with (RFC 8784):
         * {@code ppk(PpkSource.of(Ppk.of("alice-ppk", secret)))}. A device with a key of this name gets it mixed into its
         * keys; see {@link AuthChallenge#ppkIdentity} for which it is.
         *
         * @param source finds a key by the name that a device sends; asked on the thread that runs all tunnels: it has
         *     to answer at once
         * @return this
         */
        public Builder ppk(PpkSource source) {
            ppk = Objects.requireNonNull(source, "source");
            return this;
        }

        /**
         * Whether devices without a post-quantum pre-shared key are refused.
         *
         * @param required false unless set; true needs a {@link #ppk source}
         * @return this
         */
        public Builder ppkRequired(boolean required) {
            ppkRequired = required;
            return this;
        }

        /**
         * Who decides which devices go to another server (RFC 5685); when it is not given, all stay.
         *
         * @param decides asked on the thread that runs all tunnels: it has to answer at once, from memory; that it took
         *     more than a millisecond is logged
         * @return this
         */
        public Builder redirect(Redirector decides) {
            redirector = Objects.requireNonNull(decides, "redirector");
            return this;
        }

        /**
         * Makes the configuration.
         *
         * @return an immutable configuration
         * @throws IllegalStateException when the identity or the authenticator is missing, both ports are the same,
         *     the certificate does not give the identity, or there is {@link #trust} and no {@link #certificate}
         */
        public ServerConfig build() {
            if (identity == null) {
                throw new IllegalStateException("the server has no identity; give the name that devices have as their"
                        + " Remote ID, such as identity(\"vpn.example.com\")");
            }
            if (authenticator == null) {
                throw new IllegalStateException("the server has no authenticator and could let nobody in; give one,"
                        + " such as authenticator(challenge -> challenge.approveWith(key))");
            }
            if (ikePort == natTPort && ikePort != 0) {
                throw new IllegalStateException("the IKE port and the NAT-T port are both " + ikePort
                        + "; they are two sockets and need two ports, usually 500 and 4500");
            }
            if (certificates.own().isPresent()) {
                certificates.requireName(identity);
            } else if (certificates.trusted().isPresent()) {
                throw new IllegalStateException("devices with certificates want one from the server too; add"
                        + " certificate(pem) with its private key and chain");
            } else {
                algorithms.requireUsableSharedKeys();
            }
            return new ServerConfig(this);
        }
    }
}
