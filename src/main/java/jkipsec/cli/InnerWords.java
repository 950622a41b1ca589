package jkipsec.cli;

import java.util.List;
import java.util.Optional;
import jkipsec.ServerConfig;

/**
 * What devices find inside their tunnels besides the gateway's IPv4 address, as it was typed.
 *
 * @param pool6 the IPv6 addresses; none leaves the tunnels to IPv4
 * @param offered the networks that devices may send to
 * @param domains the domains that devices ask the gateway's DNS servers about
 */
record InnerWords(Optional<String> pool6, List<String> offered, List<String> domains) {
    static final Option POOL6 = Option.one("--pool6", "PREFIX", "IPv6 addresses inside the tunnels, dealt out as those"
            + " of --pool, such as fd12:3456:789a::/64. Default: none.");
    static final Option OFFER = Option.many("--offer", "PREFIX", "A network that devices may send to, besides the"
            + " gateway itself. What they send there is counted and dropped, or relayed with --relay.");
    static final Option DNS_DOMAIN = Option.many("--dns-domain", "NAME", "A domain that devices are to ask the --dns"
            + " servers about, and no other.");

    /**
     * Takes the arguments.
     *
     * @param arguments what was typed
     * @return the settings
     * @throws UsageError when a prefix is none
     */
    static InnerWords of(Arguments arguments) throws UsageError {
        Optional<String> pool6 = arguments.get(POOL6.name());
        if (pool6.isPresent()) {
            Values.prefix(POOL6.name(), pool6.get());
        }
        for (String network : arguments.all(OFFER.name())) {
            Values.prefix(OFFER.name(), network);
        }
        return new InnerWords(pool6, arguments.all(OFFER.name()), arguments.all(DNS_DOMAIN.name()));
    }

    /**
     * Sets what was typed.
     *
     * @param builder of the server's configuration
     * @throws IllegalArgumentException when a setting cannot be used
     */
    void apply(ServerConfig.Builder builder) {
        pool6.ifPresent(builder::addressPool6);
        builder.offer(offered.toArray(String[]::new));
        builder.dnsDomains(domains.toArray(String[]::new));
    }
}
