package jkipsec;

import java.lang.System.Logger.Level;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import jkipsec.gateway.Gateway;
import jkipsec.ike.AuthRequest;
import jkipsec.ike.AuthVerdict;
import jkipsec.ike.RedirectQuery;
import jkipsec.ike.RedirectTarget;

/**
 * Asks the application about devices: who comes in, each time on a virtual thread of its own, and who goes elsewhere, at
 * once. Whatever the application does there, the engine goes on. Confined to the engine's thread, but where a method says
 * otherwise.
 */
final class Decisions {
    private static final System.Logger LOG = System.getLogger("jkipsec");
    private static final long SLOW_REDIRECTOR_NANOS = 1_000_000;

    private final Shell.Owner owner;
    private final Engine engine;
    private final Gateway gateway;
    private final Offloader offloader;
    private final Map<AuthRequest, Thread> deciding = new HashMap<>();
    private long slowRedirects;

    Decisions(Shell.Owner owner, Engine engine, Gateway gateway, Offloader offloader) {
        this.owner = owner;
        this.engine = engine;
        this.gateway = gateway;
        this.offloader = offloader;
    }

    /** Whether a device comes in; the gateway is told. */
    void ask(AuthRequest request) {
        deciding.put(request, offloader.ask(() -> decide(request)));
    }

    /** The gateway waits for this decision no longer. */
    void abandon(AuthRequest request) {
        deciding.get(request).interrupt();
    }

    /** On a virtual thread. It comes to a verdict whatever the application does: the device's place waits for that. */
    private void decide(AuthRequest request) {
        var challenge = new AuthChallenge(request);
        AuthDecision decision;
        try {
            decision = owner.authenticate(challenge);
        } catch (Throwable e) {
            // Only the class: the application's message may hold what should not be in a log.
            log(Level.WARNING, "the authenticator failed for " + challenge + " with " + e.getClass().getName());
            decision = AuthDecision.reject("the authenticator failed");
        }
        AuthVerdict verdict = switch (decision) {
            case null -> new AuthVerdict.Rejected("the authenticator returned null");
            case AuthDecision.Rejected rejected -> new AuthVerdict.Rejected(rejected.reason());
            case AuthApproval approval when approval.isFor(challenge) -> approval.verdict();
            case AuthApproval other ->
                    new AuthVerdict.Rejected("the authenticator returned an approval of another device");
        };
        Runnable wipe = () -> AuthApproval.destroy(verdict);
        var told = new Engine.Call("authenticator's decision", now -> {
            deciding.remove(request);
            try {
                gateway.authenticated(request, verdict, now);
            } finally {
                wipe.run();
            }
        }, wipe);
        if (!engine.post(told)) {
            wipe.run();
        }
    }

    /** Whether a device goes elsewhere; asked on the engine's thread, and a fault keeps no device out. */
    Optional<RedirectTarget> redirect(
            Function<RedirectQuery, Optional<RedirectTarget>> redirector, RedirectQuery query) {
        long begin = System.nanoTime();
        try {
            return Objects.requireNonNull(redirector.apply(query));
        } catch (RuntimeException | Error e) {
            // Only the class: the application's message may hold what should not be in a log.
            engine.fault("redirector", new IllegalStateException("it failed with " + e.getClass().getName()));
            return Optional.empty();
        } finally {
            long took = System.nanoTime() - begin;
            if (took > SLOW_REDIRECTOR_NANOS) {
                slowRedirects++;
                log(Long.bitCount(slowRedirects) == 1 ? Level.WARNING : Level.DEBUG,
                        "the redirector took " + took / 1_000 + " µs (number " + slowRedirects
                                + "); all tunnels wait for it: let it answer from memory");
            }
        }
    }

    /** What writes the log is the application's, too: when it fails, the decision stands. */
    private void log(Level level, String text) {
        try {
            LOG.log(level, text);
        } catch (RuntimeException | Error e) {
            engine.fault("log", new IllegalStateException("it failed with " + e.getClass().getName()));
        }
    }
}
