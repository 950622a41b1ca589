package jkipsec;

import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import jkipsec.ike.Identification;

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
 */
public final class ClientConfig {
    private final String host;
    private final int ikePort;
    private final int natTPort;
    private final Identification identity;
    private final Optional<Identification> remoteIdentity;
    private final AuthKey authKey;
    private final Algorithms algorithms;
    private final boolean ipv6;
    private final Duration connectTimeout;

    private ClientConfig(Builder builder) {
        host = builder.host;
        ikePort = builder.ikePort;
        natTPort = builder.natTPort;
        identity = builder.identity;
        remoteIdentity = Optional.ofNullable(builder.remoteIdentity);
        authKey = builder.authKey;
        algorithms = builder.algorithms;
        ipv6 = builder.ipv6;
        connectTimeout = builder.connectTimeout;
    }

    /**
     * Starts from the defaults: ports 500 and 4500, any server identity, both suites, 30 seconds to connect. The
     * server, an identity and a key must be given.
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

    AuthKey authKey() {
        return authKey;
    }

    Algorithms algorithms() {
        return algorithms;
    }

    boolean ipv6() {
        return ipv6;
    }

    Duration connectTimeout() {
        return connectTimeout;
    }

    /** Shows every setting but the key. */
    @Override
    public String toString() {
        return "ClientConfig[server " + host + " ports " + ikePort + " and " + natTPort + ", identity " + identity
                + remoteIdentity.map(remote -> ", remote identity " + remote).orElse("")
                + ", " + algorithms + (ipv6 ? ", IPv6 inside" : "") + ", connect time-out " + connectTimeout + "]";
    }

    /** Collects the settings of a {@link ClientConfig}. Not thread-safe. */
    public static final class Builder {
        private String host;
        private int ikePort = 500;
        private int natTPort = 4500;
        private Identification identity;
        private Identification remoteIdentity;
        private AuthKey authKey;
        private Algorithms algorithms = Algorithms.DEFAULT;
        private boolean ipv6;
        private Duration connectTimeout = Duration.ofSeconds(30);

        private Builder() {}

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
         * Who this client says it is: what the server calls the device.
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
         * Who the server has to be. When it is not given, any identity that proves the key is accepted.
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
         * Which suites are proposed.
         *
         * @param preferred at least one, the preferred one first, each once
         * @return this
         * @throws IllegalArgumentException when there is none, or one twice
         */
        public Builder suites(Suite... preferred) {
            algorithms = algorithms.withSuites(preferred);
            return this;
        }

        /**
         * What may protect IKE SAs, in place of what {@link #suites} says about them; in the words that strongSwan uses,
         * of which {@link jkipsec.ike.Proposals} has the list. With
         * a pre-shared key each needs {@code prfsha256}.
         *
         * @param proposals at least one, the preferred first, such as {@code "aes256gcm16-prfsha256-x25519"}
         * @return this
         * @throws IllegalArgumentException when there is none, or one is not understood
         */
        public Builder ikeProposals(String... proposals) {
            algorithms = algorithms.withIke(proposals);
            return this;
        }

        /**
         * What may protect the packets, in place of what {@link #suites} says about them; in the words that strongSwan
         * uses.
         *
         * @param proposals at least one, the preferred first, such as {@code "aes256gcm16"} or {@code "aes256-sha256"}
         * @return this
         * @throws IllegalArgumentException when there is none, or one is not understood
         */
        public Builder espProposals(String... proposals) {
            algorithms = algorithms.withEsp(proposals);
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
         * @throws IllegalStateException when the server, the identity or the key is missing
         */
        public ClientConfig build() {
            if (host == null) {
                throw new IllegalStateException("no server is given; add server(\"vpn.example.com\")");
            }
            if (identity == null) {
                throw new IllegalStateException("the client has no identity; add the name the server knows it by, such"
                        + " as identity(\"alice\")");
            }
            if (authKey == null) {
                throw new IllegalStateException("the client has no key; add authKey(AuthKey.derive(psk))");
            }
            algorithms.requireUsableSharedKeys();
            return new ClientConfig(this);
        }

        private static int remotePort(String setting, int port) {
            if (port < 1 || port > 65_535) {
                throw new IllegalArgumentException("the " + setting + " " + port + " is not 1 to 65535");
            }
            return port;
        }
    }
}
