package jkipsec;

/** Hears of every tunnel of a {@link VpnServer}; see {@link ServerConfig.Builder#listener}. */
@FunctionalInterface
public interface TunnelListener {
    /**
     * Something happened to a tunnel. Called on a virtual thread; for one tunnel one call after the other, in the order
     * in which things happened. It may block: it holds up nothing but its own further calls for the same tunnel, of
     * which a bounded number wait (see {@link TunnelEvent.Missed}). What it throws is logged.
     *
     * @param tunnel the tunnel
     * @param event what happened
     */
    void event(Tunnel tunnel, TunnelEvent event);
}
