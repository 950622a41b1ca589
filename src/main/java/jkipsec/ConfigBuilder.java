package jkipsec;

import java.time.Duration;
import jkipsec.gateway.TunnelMtu;
import jkipsec.ike.ChildPolicy;
import jkipsec.ike.IkePolicy;
import jkipsec.ike.Lifetime;

/**
 * The settings that a server and a client have alike: algorithms, lifetimes, patience and sizes. Not thread-safe.
 *
 * @param <B> the builder whose part this is, which every setter returns
 */
abstract sealed class ConfigBuilder<B extends ConfigBuilder<B>> permits ServerConfig.Builder, ClientConfig.Builder {
    Algorithms algorithms = Algorithms.DEFAULT;
    IkePolicy policy = IkePolicy.defaults();
    TunnelMtu mtu = TunnelMtu.defaults();

    ConfigBuilder() {}

    abstract B self();

    /**
     * Which suites may be used; a client proposes them in this order.
     *
     * @param preferred at least one, the preferred one first, each once
     * @return this
     * @throws IllegalArgumentException when there is none, or one twice
     */
    public B suites(Suite... preferred) {
        algorithms = algorithms.withSuites(preferred);
        return self();
    }

    /**
     * What may protect IKE SAs, in place of what {@code suites} says about them; in the words that strongSwan
     * uses, of which {@link jkipsec.ike.Proposals} has the list. With a pre-shared key each needs {@code prfsha256}. A
     * server with a certificate may have others among them, and then refuses devices with a pre-shared key when one of
     * those is agreed on.
     *
     * @param proposals at least one, the preferred first, such as {@code "aes256gcm16-prfsha256-x25519"}
     * @return this
     * @throws IllegalArgumentException when there is none, or one is not understood
     */
    public B ikeProposals(String... proposals) {
        algorithms = algorithms.withIke(proposals);
        return self();
    }

    /**
     * What may protect the packets, in place of what {@code suites} says about them; in the words that
     * strongSwan uses.
     *
     * @param proposals at least one, the preferred first, such as {@code "aes256gcm16"} or {@code "aes256-sha256"}
     * @return this
     * @throws IllegalArgumentException when there is none, or one is not understood
     */
    public B espProposals(String... proposals) {
        algorithms = algorithms.withEsp(proposals);
        return self();
    }

    /**
     * Whether the keys for the tunnel's packets are made from a key exchange of their own when they are replaced
     * (perfect forward secrecy), rather than from the keys of the IKE SA.
     *
     * @param answer the other side's wish is met, and this side has none, unless given
     * @return this
     */
    public B pfs(ChildPolicy.Pfs answer) {
        policy = policy.withChildren(policy.children().withPfs(answer));
        return self();
    }

    /**
     * How long the sequence numbers of the tunnel's packets may be (RFC 4303 §2.2.1).
     *
     * @param accepted both lengths unless given: a client proposes the longer first, a server takes what the device
     *     prefers
     * @return this
     */
    public B sequenceNumbers(ChildPolicy.SequenceNumbers accepted) {
        policy = policy.withChildren(policy.children().withSequenceNumbers(accepted));
        return self();
    }

    /**
     * How long the keys of an IKE SA are used before this side makes new ones (RFC 7296 §2.8), up to a tenth earlier
     * at random. The tunnel goes on; when that does not succeed, it ends a tenth of the time later, a minute at least.
     *
     * @param lifetime one second to 365 days; four hours unless given
     * @return this
     * @throws IllegalArgumentException when it is shorter or longer
     */
    public B ikeLifetime(Duration lifetime) {
        policy = Settings.ikeLifetime(policy, lifetime);
        return self();
    }

    /**
     * How long the keys for the tunnel's packets are used before this side makes new ones (RFC 7296 §2.8), up to a
     * tenth earlier at random. No packet is lost by it.
     *
     * @param lifetime one second to 365 days; one hour unless given
     * @return this
     * @throws IllegalArgumentException when it is shorter or longer
     */
    public B childLifetime(Duration lifetime) {
        policy = Settings.childLifetime(policy, lifetime);
        return self();
    }

    /**
     * How long the keys for the tunnel's packets are used, by time and by volume, each with a soft limit, past which
     * new ones are made, and a hard limit, past which these are used no more.
     *
     * @param lifetime such as {@code Lifetime.of(Duration.ofHours(1)).withVolume(soft, hard)}; its times are one second
     *     to 365 days
     * @return this
     * @throws IllegalArgumentException when a time is shorter or longer
     */
    public B childLifetime(Lifetime lifetime) {
        policy = Settings.childLifetime(policy, lifetime);
        return self();
    }

    /**
     * The largest IP datagram in which an IKE message is sent whole; what is larger goes in fragments of this size
     * when the other side accepts them (RFC 7383). It has nothing to do with the packets inside the tunnel.
     *
     * @param octets 256 to 65,535, headers included; 1,280 unless given
     * @return this
     * @throws IllegalArgumentException when it is less or more
     */
    public B fragmentSize(int octets) {
        policy = Settings.fragmentSize(policy, octets);
        return self();
    }

    /**
     * How long nothing may be heard of the other side before it is asked whether it is still there (RFC 7296 §2.4). Its
     * packets count as well as its IKE messages. The tunnel ends when the request has been repeated without an answer
     * as often as {@link #transmissions(int) transmissions} says.
     *
     * @param silence 100 milliseconds to 365 days; two minutes unless given
     * @return this
     * @throws IllegalArgumentException when it is shorter or longer
     */
    public B probeAfter(Duration silence) {
        policy = Settings.probeAfter(policy, silence);
        return self();
    }

    /**
     * How often a request is sent that is not answered, before the other side counts as gone. It is repeated after 1 s,
     * then after 1.8 times as long each time, and the last wait counts too: 3 take 6 s, the usual 6 some 41 s, 10 some
     * 2 minutes.
     *
     * @param most 1 to 100; 6 unless given
     * @return this
     * @throws IllegalArgumentException when it is less or more
     */
    public B transmissions(int most) {
        policy = Settings.transmissions(policy, most);
        return self();
    }

    /**
     * How long no packet may pass inside the tunnel before it is ended; without this, for ever.
     *
     * @param limit 100 milliseconds to 365 days
     * @return this
     * @throws IllegalArgumentException when it is shorter or longer
     */
    public B idleLimit(Duration limit) {
        policy = Settings.idleLimit(policy, limit);
        return self();
    }

    /**
     * The largest outer IP packet that the path to the other side is taken to carry whole. What fits inside it, when
     * the suite's overhead is taken off, is what the tunnel's packets may be, see {@link #innerMtu innerMtu}.
     *
     * <p>Where the way carries less, nothing says so: Java's UDP sockets do not forbid fragments, so that a packet that
     * is too large leaves in two, without an error. That costs throughput, and some networks drop fragments. Where the
     * interface takes 1,460 octets, as in some clouds, say 1,460 here.
     *
     * @param octets 576 to 65,535; 1,500 unless given
     * @return this
     * @throws IllegalArgumentException when it is less or more
     */
    public B outerMtu(int octets) {
        mtu = new TunnelMtu(Settings.mtu("outer", octets), mtu.largestInner());
        return self();
    }

    /**
     * The largest packet inside the tunnel, even where a larger one would fit {@code outerMtu}: what remains
     * is for what networks on the way wrap around the outer packet. IPv6 expects 1,280 or more (RFC 8200 §5).
     *
     * @param octets 576 to 65,535; 1,400 unless given
     * @return this
     * @throws IllegalArgumentException when it is less or more
     */
    public B innerMtu(int octets) {
        mtu = new TunnelMtu(mtu.outer(), Settings.mtu("inner", octets));
        return self();
    }
}
