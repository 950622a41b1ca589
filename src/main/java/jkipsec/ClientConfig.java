package jkipsec;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import jkipsec.eap.NtHash;
import jkipsec.gateway.TunnelMtu;
import jkipsec.ike.Identification;
import jkipsec.ike.IkePolicy;
import jkipsec.ike.Login;
import jkipsec.ike.Ppk;
import jkipsec.ike.PpkUse;

/**
 * Which server a {@link VpnClient} connects to, and as whom. Immutable; made by a {@link Builder}.
 *
 * {@snippet :
 * ClientConfig config = ClientConfig.builder()
 *     .server("vpn.example.com")
 *     .identity("alice")
 *     .authKey(AuthKey.derive(psk))
 *     .build();
 * }
 *
 * <p>In place of the key there may be a {@link Builder#password} or a {@link Builder#certificate}. The server then
 * proves who it is by certificate, and {@link Builder#trust} says which authorities are believed about that.
 */
public final class ClientConfig {
    private static final int LONGEST_USER_NAME = 256;

    private final String host;
    private final int ikePort;
    private final int natTPort;
    private final Identification identity;
    private final Optional<Identification> remoteIdentity;
    private final Optional<AuthKey> authKey;
    private final Optional<User> user;
    private final CertificateSettings certificates;
    private final Algorithms algorithms;
    private final IkePolicy policy;
    private final TunnelMtu mtu;
    private final boolean ipv6;
    private final Optional<PpkUse> ppk;
    private final Duration connectTimeout;

    private ClientConfig(Builder builder) {
        host = builder.host;
        ikePort = builder.ikePort;
        natTPort = builder.natTPort;
        identity = builder.effectiveIdentity();
        authKey = Optional.ofNullable(builder.authKey);
        user = Optional.ofNullable(builder.user);
        certificates = builder.certificates;
        // Whoever has a certificate of the same authorities could pose as the server, unless we know its name.
        remoteIdentity = authKey.isPresent() || builder.remoteIdentity != null
                ? Optional.ofNullable(builder.remoteIdentity)
                : Optional.of(Identification.of(host));
        algorithms = builder.algorithms;
        policy = builder.policy;
        mtu = builder.mtu;
        ipv6 = builder.ipv6;
        ppk = Optional.ofNullable(builder.ppk);
        connectTimeout = builder.connectTimeout;
    }

    /** A user who has a password; kept as long as the configuration. */
    private record User(String name, NtHash password) {
        @Override
        public String toString() {
            return name;
        }
    }

    /**
     * Starts from the defaults: ports 500 and 4500, both suites, 30 seconds to connect. The server must be given, and
     * an identity with a key, a user with a password, or an identity with a certificate.
     *
     * @return a new builder
     */
    public static Builder builder() {
        return new Builder();
    }

    String host() {
        return host;
    }

    int ikePort() {
        return ikePort;
    }

    int natTPort() {
        return natTPort;
    }

    Identification identity() {
        return identity;
    }

    Optional<Identification> remoteIdentity() {
        return remoteIdentity;
    }

    /** How to log in, with copies of the secrets for {@link #destroy}. */
    Login login() {
        if (authKey.isPresent()) {
            return new Login.SharedKey(authKey.get().secret());
        }
        return user.<Login>map(who -> new Login.Password(who.name(), who.password().copy(), certificates.config()))
                .orElseGet(() -> new Login.Certificate(certificates.config()));
    }

    /** Wipes what {@link #login} copied. */
    static void destroy(Login login) {
        switch (login) {
            case Login.SharedKey shared -> shared.authKey().destroy();
            case Login.Password password -> password.password().destroy();
            case Login.Certificate certificate -> { }
        }
    }

    /** What is proposed, and how patiently. */
    IkePolicy policy() {
        return algorithms.in(policy);
    }

    /** How large packets are. */
    TunnelMtu mtu() {
        return mtu;
    }

    boolean ipv6() {
        return ipv6;
    }

    Optional<PpkUse> ppk() {
        return ppk;
    }

    Duration connectTimeout() {
        return connectTimeout;
    }

    /** Shows every setting but keys and passwords. */
    @Override
    public String toString() {
        return "ClientConfig[server " + host + " ports " + ikePort + " and " + natTPort + ", identity " + identity
                + remoteIdentity.map(remote -> ", remote identity " + remote).orElse("")
                + user.map(who -> ", user " + who).orElse("") + certificates
                + ", " + algorithms + (ipv6 ? ", IPv6 inside" : "")
                + ppk.map(use -> ", " + use.key() + (use.mandatory() ? " required" : "")).orElse("")
                + ", " + Settings.describe(policy, mtu)
                + ", connect time-out " + connectTimeout + "]";
    }

    /** Collects the settings of a {@link ClientConfig}. Not thread-safe. */
    public static final class Builder extends ConfigBuilder<Builder> {
        private String host;
        private int ikePort = 500;
        private int natTPort = 4500;
        private Identification identity;
        private Identification remoteIdentity;
        private AuthKey authKey;
        private User user;
        private CertificateSettings certificates = CertificateSettings.NONE;
        private boolean ipv6;
        private PpkUse ppk;
        private Duration connectTimeout = Duration.ofSeconds(30);

        private Builder() {}

        @Override
        Builder self() {
            return this;
        }

        /**
         * Where the server is, at the usual ports 500 and 4500.
         *
         * @param address a host name, looked up when connecting, or an IP address literal
         * @return this
         * @throws IllegalArgumentException when it is empty
         */
        public Builder server(String address) {
            return server(address, 500, 4500);
        }

        /**
         * Where the server is.
         *
         * @param address a host name, looked up when connecting, or an IP address literal
         * @param ike its UDP port for IKE, 1 to 65,535
         * @param natT its UDP port for NAT-T and ESP, 1 to 65,535
         * @return this
         * @throws IllegalArgumentException when the address is empty or a port is out of range
         */
        public Builder server(String address, int ike, int natT) {
            if (address.isBlank()) {
                throw new IllegalArgumentException("the server's address is empty; give a host name or an IP address");
            }
            host = address.strip();
            ikePort = remotePort("server's IKE port", ike);
            natTPort = remotePort("server's NAT-T port", natT);
            return this;
        }

        /**
         * Who this client says it is: what the server calls the device. With a {@link #password} it may be left out:
         * it is the user's name then. With a {@link #certificate} it has to be one of its subject alternative names.
         *
         * @param name a domain name or any short name, a mail address or an IP address literal
         * @return this
         * @throws IllegalArgumentException when it is empty
         */
        public Builder identity(String name) {
            identity = Identification.of(name);
            return this;
        }

        /**
         * Who the server has to be. When it is not given, any identity that proves the key is accepted; with a
         * {@link #password} or a {@link #certificate} it has to be what {@link #server(String)} was given.
         *
         * @param name the server's identity
         * @return this
         * @throws IllegalArgumentException when it is empty
         */
        public Builder remoteIdentity(String name) {
            remoteIdentity = Identification.of(name);
            return this;
        }

        /**
         * The key shared with the server, which proves either to the other.
         *
         * @param key the key
         * @return this
         */
        public Builder authKey(AuthKey key) {
            authKey = Objects.requireNonNull(key, "authKey");
            return this;
        }

        /**
         * Logs in by name and password (EAP-MSCHAPv2), in place of a key. The server proves who it is by certificate
         * first, so {@link #trust} is needed too. The array is left as it is: wipe it.
         *
         * @param userName the user's name, 1 to 256 octets of UTF-8
         * @param password the user's password, at most 256 characters
         * @return this
         * @throws IllegalArgumentException when either is too long, or the name empty
         */
        public Builder password(String userName, char[] password) {
            int octets = userName.getBytes(StandardCharsets.UTF_8).length;
            if (userName.isBlank() || octets > LONGEST_USER_NAME) {
                throw new IllegalArgumentException("a user name of " + octets + " octets is not 1 to "
                        + LONGEST_USER_NAME + "; give the name that the server knows the user by");
            }
            user = new User(userName, NtHash.of(password));
            return this;
        }

        /**
         * Logs in by certificate, in place of a key; the server does likewise, so {@link #trust} is needed too.
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
         * Which authorities' word is believed about the server's certificate. Revocation is not checked.
         *
         * @param pem the text of a PEM file with the authorities' certificates, or with the server's own
         * @return this
         * @throws IllegalArgumentException when there is none, or one that cannot be read
         */
        public Builder trust(String pem) {
            certificates = certificates.withTrusted(pem);
            return this;
        }

        /**
         * Lets RSA signatures with SHA-1 prove who somebody is (RFC 7296 §3.8, authentication method 1), but only with
         * servers that do not say which hashes they know (RFC 7427 §4), as old ones with an RSA certificate. SHA-1 has
         * been broken for years for what an attacker can prepare.
         *
         * @return this
         */
        public Builder allowSha1Signatures() {
            certificates = certificates.withSha1();
            return this;
        }

        /**
         * Whether to ask for an IPv6 address inside the tunnel, besides the IPv4 address. A server that has none to
         * give leaves it out: see {@link Tunnel#localAddress6}.
         *
         * @param wanted false unless set
         * @return this
         */
        public Builder ipv6(boolean wanted) {
            ipv6 = wanted;
            return this;
        }

        /**
         * The post-quantum pre-shared key that this device has with the server (RFC 8784): mixed into the keys, beside
         * whatever it proves itself with.
         *
         * @param key the key, which remains the caller's
         * @param mandatory whether to give up rather than to connect without, when the server has no key of this name
         * @return this
         */
        public Builder ppk(Ppk key, boolean mandatory) {
            ppk = new PpkUse(key, mandatory);
            return this;
        }

        /**
         * How long {@link VpnClient#connect} waits for the tunnel.
         *
         * @param timeout more than zero
         * @return this
         * @throws IllegalArgumentException when it is not
         */
        public Builder connectTimeout(Duration timeout) {
            if (timeout.isNegative() || timeout.isZero()) {
                throw new IllegalArgumentException("the connect time-out " + timeout + " is not more than zero");
            }
            connectTimeout = timeout;
            return this;
        }

        /**
         * Makes the configuration.
         *
         * @return an immutable configuration
         * @throws IllegalStateException when the server, the identity or the means to log in are missing, there are
         *     several of these, or they do not go together
         */
        public ClientConfig build() {
            if (host == null) {
                throw new IllegalStateException("no server is given; add server(\"vpn.example.com\")");
            }
            if (effectiveIdentity() == null) {
                throw new IllegalStateException("the client has no identity; add the name the server knows it by, such"
                        + " as identity(\"alice\")");
            }
            long ways = Stream.of(authKey, user, certificates.own().orElse(null)).filter(Objects::nonNull).count();
            if (ways == 0) {
                throw new IllegalStateException("the client has no key; add authKey(AuthKey.derive(psk)), or else"
                        + " password(userName, password) or certificate(pem)");
            }
            if (ways > 1) {
                throw new IllegalStateException("the client logs in by one means, and has several; leave all but one of"
                        + " authKey, password and certificate out");
            }
            if (authKey != null) {
                algorithms.requireUsableSharedKeys();
                if (certificates.trusted().isPresent()) {
                    throw new IllegalStateException("with an authKey the server proves itself by that key, not by"
                            + " certificate; leave trust out, or log in by password or certificate");
                }
            } else if (certificates.trusted().isEmpty()) {
                throw new IllegalStateException("nothing says whose word to believe about the server's certificate; add"
                        + " trust(pem) with the authority's certificate");
            }
            certificates.requireName(effectiveIdentity());
            return new ClientConfig(this);
        }

        private Identification effectiveIdentity() {
            return identity == null && user != null ? Identification.of(user.name()) : identity;
        }

        private static int remotePort(String setting, int port) {
            if (port < 1 || port > 65_535) {
                throw new IllegalArgumentException("the " + setting + " " + port + " is not 1 to 65535");
            }
            return port;
        }
    }
}
