package jkipsec.gateway;

import java.util.ArrayDeque;
import java.util.HashSet;
import java.util.Queue;
import java.util.Set;
import java.util.function.Consumer;
import jkipsec.ike.AuthRequest;

/**
 * The devices that the application is to decide about: so many at once, the others in their order. Each that waits
 * belongs to a handshake under way, of which policy bounds the number. Confined to the gateway's thread.
 */
final class Undecided {
    private final int atOnce;
    private final Consumer<? super GatewayAction> actions;
    private final Set<AuthRequest> asked = new HashSet<>();
    private final Queue<AuthRequest> waiting = new ArrayDeque<>();

    Undecided(int atOnce, Consumer<? super GatewayAction> actions) {
        this.atOnce = atOnce;
        this.actions = actions;
    }

    void ask(AuthRequest request) {
        waiting.add(request);
        next();
    }

    /** The application has returned, in time or not. */
    void answered(AuthRequest request) {
        asked.remove(request);
        next();
    }

    /** No decision is needed any more; says whether the application is at it. It counts until it returns. */
    boolean abandon(AuthRequest request) {
        waiting.remove(request);
        boolean deciding = asked.contains(request);
        if (deciding) {
            actions.accept(new GatewayAction.AbandonAuthentication(request));
        }
        return deciding;
    }

    private void next() {
        while (asked.size() < atOnce && !waiting.isEmpty()) {
            AuthRequest request = waiting.remove();
            asked.add(request);
            actions.accept(new GatewayAction.Authenticate(request));
        }
    }
}
