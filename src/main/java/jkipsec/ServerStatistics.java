package jkipsec;

import java.util.Map;

/**
 * What a server has seen since it started.
 *
 * @param tunnelsOpened tunnels that came up
 * @param tunnelsOpen tunnels open now
 * @param tunnelsNotAccepted tunnels that ended before {@link VpnServer#accept()} took them
 * @param datagrams UDP datagrams received
 * @param dropped how many datagrams and packets were dropped, by reason; reasons that never occurred are absent
 * @param faults exceptions in the library that nobody expected; each is in the log
 */
public record ServerStatistics(
        long tunnelsOpened,
        long tunnelsOpen,
        long tunnelsNotAccepted,
        long datagrams,
        Map<String, Long> dropped,
        long faults) {
    /** Copies the map. */
    public ServerStatistics {
        dropped = Map.copyOf(dropped);
    }
}
