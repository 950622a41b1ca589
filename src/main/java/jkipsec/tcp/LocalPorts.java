package jkipsec.tcp;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.Predicate;
import jkipsec.bytes.RandomSource;
import jkipsec.ip.Endpoint;
import jkipsec.ip.EphemeralPorts;

/** Who listens where, and which local ports are kept for connections to come. Confined to the stack's thread. */
final class LocalPorts {
    private final RandomSource random;
    private final Map<Endpoint, TcpListener> listeners = new HashMap<>();
    private final Set<Endpoint> reserved = new HashSet<>();

    LocalPorts(RandomSource random) {
        this.random = random;
    }

    /** Who listens there, or null. */
    TcpListener listener(Endpoint local) {
        return listeners.get(local);
    }

    void add(TcpListener listener) {
        listeners.put(listener.local(), listener);
    }

    void remove(TcpListener listener) {
        listeners.remove(listener.local(), listener);
    }

    void forgetListeners() {
        listeners.clear();
    }

    Endpoint reserve(Endpoint local) throws PortInUse {
        Endpoint kept = free(local);
        reserved.add(kept);
        return kept;
    }

    void release(Endpoint kept) {
        reserved.remove(kept);
    }

    /** The endpoint itself when nobody has it, with a free port when it has none yet. */
    Endpoint free(Endpoint wanted) throws PortInUse {
        if (wanted.port() == 0) {
            OptionalInt port = EphemeralPorts.choose(
                    random, candidate -> isFree(new Endpoint(wanted.address(), candidate)));
            return new Endpoint(wanted.address(), port.orElseThrow(() -> new PortInUse(
                    "every port from " + EphemeralPorts.FIRST + " up is in use on " + wanted.address())));
        }
        if (!isFree(wanted)) {
            throw new PortInUse((listeners.containsKey(wanted) ? "there is a listener on " : "a socket is bound to ")
                    + wanted + " already");
        }
        return wanted;
    }

    /** The local address with a free port from which there is no connection to a peer yet. */
    Endpoint choose(Endpoint local, Endpoint remote, Predicate<Endpoint> unconnected) throws PortInUse {
        OptionalInt port = EphemeralPorts.choose(random, candidate -> {
            var endpoint = new Endpoint(local.address(), candidate);
            return isFree(endpoint) && unconnected.test(endpoint);
        });
        return new Endpoint(local.address(), port.orElseThrow(() -> new PortInUse(
                "every port from " + EphemeralPorts.FIRST + " up has a connection from " + local.address() + " to "
                        + remote)));
    }

    private boolean isFree(Endpoint local) {
        return !listeners.containsKey(local) && !reserved.contains(local);
    }
}
