package jkipsec.sim;

import java.util.HashMap;
import java.util.Map;
import jkipsec.ip.Endpoint;

/** A simulated IP network: delivers UDP datagrams between endpoints, with a {@link Link}'s faults, and through NATs. */
public final class Network {
    /** Who takes datagrams at an endpoint. */
    @FunctionalInterface
    public interface Receiver {
        void receive(Endpoint from, byte[] datagram);
    }

    /** Sees every datagram before the network's faults; for captures and for tampering. */
    @FunctionalInterface
    public interface Tap {
        void datagram(Endpoint from, Endpoint to, byte[] octets);
    }

    private static final int IP_AND_UDP = 28;

    private final World world;
    private final Map<Endpoint, Receiver> receivers = new HashMap<>();
    private final Map<Endpoint, Endpoint> natOut = new HashMap<>();
    private final Map<Endpoint, Endpoint> natIn = new HashMap<>();
    private Link link = Link.PERFECT;
    private int mtu = Integer.MAX_VALUE;
    private Tap tap = (from, to, octets) -> {};

    public Network(World world) {
        this.world = world;
    }

    public void link(Link other) {
        link = other;
    }

    /** From now on IPv4 packets of more octets are lost: nothing on the path passes IP fragments on. */
    public void mtu(int octets) {
        mtu = octets;
    }

    public void tap(Tap other) {
        tap = other;
    }

    public void bind(Endpoint endpoint, Receiver receiver) {
        receivers.put(endpoint, receiver);
    }

    public void unbind(Endpoint endpoint) {
        receivers.remove(endpoint);
    }

    /** From now on whoever was reached at one endpoint is reached at another only, and sends from there. */
    public void readdress(Endpoint before, Endpoint after) {
        receivers.put(after, receivers.remove(before));
        natOut.put(before, after);
    }

    /** From now on what is sent from one endpoint appears to come from another, as behind a NAT. */
    public void nat(Endpoint inside, Endpoint outside) {
        Endpoint before = natOut.put(inside, outside);
        if (before != null) {
            natIn.remove(before);
        }
        natIn.put(outside, inside);
    }

    public void send(Endpoint from, Endpoint to, byte[] datagram) {
        Endpoint source = natOut.getOrDefault(from, from);
        tap.datagram(source, to, datagram);
        if (datagram.length + IP_AND_UDP > mtu) {
            return;
        }
        int copies = world.chance().nextDouble() < link.duplication() ? 2 : 1;
        for (int i = 0; i < copies; i++) {
            if (world.chance().nextDouble() >= link.loss()) {
                long jitter = link.jitter() == 0 ? 0 : (long) (world.chance().nextDouble() * link.jitter());
                inject(source, to, datagram, link.delay() + jitter);
            }
        }
    }

    /** Delivers a datagram for certain, from wherever it says, after a time. */
    public void inject(Endpoint from, Endpoint to, byte[] datagram, long delay) {
        byte[] copy = datagram.clone();
        world.in(delay, () -> {
            Receiver receiver = receivers.get(natIn.getOrDefault(to, to));
            if (receiver != null) {
                receiver.receive(from, copy);
            }
        });
    }
}
