package jkipsec.gateway;

import java.util.ArrayList;
import java.util.List;
import jkipsec.ike.Liveness;
import jkipsec.ike.TerminationCause;

/**
 * What becomes of the older tunnels of an identity, and of the new one, when it logs in a second time: as policy says, and
 * as INITIAL_CONTACT demands (RFC 7296 §2.4). Without state.
 */
final class SecondLogin {
    private final Liveness policy;

    SecondLogin(Liveness policy) {
        this.policy = policy;
    }

    /** Of two tunnels of one identity one goes, as policy says; returns whether the new one, among all there are, stays. */
    boolean settle(GatewayTunnel tunnel, List<GatewayTunnel> all, long now) {
        var older = new ArrayList<>(all);
        older.removeIf(other -> other == tunnel || !other.isUp() || other.ike().isInitiator()
                || !other.peerIdentity().equals(tunnel.peerIdentity()));
        if (tunnel.ike().isInitialContact()) {
            older.stream().filter(old -> old.peer().equals(tunnel.peer())).forEach(old -> supersede(old, now));
            older.removeIf(old -> !old.isUp());
        }
        return switch (policy.secondLogin()) {
            case KEEP -> {
                askWhetherTheyLive(older, tunnel, now);
                yield true;
            }
            case REPLACE -> {
                older.forEach(old -> supersede(old, now));
                yield true;
            }
            case REFUSE -> {
                if (!older.isEmpty()) {
                    tunnel.ike().supersede(
                            new TerminationCause.AuthenticationFailed(tunnel.peerIdentity() + " is already logged in"),
                            now);
                }
                askWhetherTheyLive(older, tunnel, now);
                yield older.isEmpty();
            }
        };
    }

    private static void supersede(GatewayTunnel old, long now) {
        old.ike().supersede(new TerminationCause.Superseded(), now);
    }

    private static void askWhetherTheyLive(List<GatewayTunnel> older, GatewayTunnel tunnel, long now) {
        if (tunnel.ike().isInitialContact()) {
            older.forEach(old -> old.ike().probe(now));
        }
    }
}
