package jkipsec.gateway;

import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import jkipsec.bytes.RandomSource;
import jkipsec.ike.IkeSa;
import jkipsec.stack.IpStack;
import jkipsec.stack.StackConfig;

/** The tunnels of one gateway that are up or, as initiator, on their way. Confined to the gateway's thread. */
final class Tunnels {
    private final GatewayConfig config;
    private final RandomSource random;
    private final Consumer<? super GatewayAction> actions;
    private final LongSupplier clock;
    private final Map<Long, GatewayTunnel> byId = new HashMap<>();
    private long next = 1;

    Tunnels(GatewayConfig config, RandomSource random, Consumer<? super GatewayAction> actions, LongSupplier clock) {
        this.config = config;
        this.random = random;
        this.actions = actions;
        this.clock = clock;
    }

    /** Makes the tunnel that an IKE SA governs. */
    GatewayTunnel open(IkeSa sa) {
        long id = next++;
        var tunnel = new GatewayTunnel(new GatewayTunnel.Parts(
                id, sa, sink -> new IpStack(StackConfig.of(config.tcp()), (int) id, random, sink),
                config.mtu(), clock, actions));
        sa.attach(tunnel);
        byId.put(id, tunnel);
        return tunnel;
    }

    boolean has(GatewayTunnel tunnel) {
        return byId.containsKey(tunnel.id());
    }

    void remove(GatewayTunnel tunnel) {
        byId.remove(tunnel.id());
    }

    /** A copy, in order of age. */
    List<GatewayTunnel> all() {
        return byId.values().stream().sorted(Comparator.comparingLong(GatewayTunnel::id)).toList();
    }

    @Override
    public String toString() {
        return byId.values().toString();
    }
}
