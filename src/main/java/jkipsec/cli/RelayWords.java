package jkipsec.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import jkipsec.Destinations;
import jkipsec.Forwarders;
import jkipsec.ServerConfig;
import jkipsec.ip.IpAddress;

/**
 * Whether what devices send to others is relayed, as it was typed.
 *
 * @param on whether it is
 * @param only the networks it is relayed to; none for all but those that {@link Destinations#all} denies
 */
record RelayWords(boolean on, List<String> only) {
    static final Option RELAY = Option.flag("--relay", "Relays what devices send to others, TCP and UDP, with sockets of"
            + " this machine's; not to this machine itself, link-local addresses or a cloud's metadata. Without --offer"
            + " it offers 0.0.0.0/0 and ::/0, without --dns the DNS servers of this machine.");
    static final Option RELAY_TO = Option.many("--relay-to", "PREFIX", "Relays to this network only. May name what"
            + " --relay leaves out, an address of this machine as ADDRESS/32 or /128. Implies --relay.");

    /** Nothing is relayed. */
    static final RelayWords NONE = new RelayWords(false, List.of());

    /** Where systems keep the servers they ask; the second is for those that have a resolver of their own before. */
    private static final List<Path> RESOLVERS =
            List.of(Path.of("/etc/resolv.conf"), Path.of("/run/systemd/resolve/resolv.conf"));

    /**
     * Takes the arguments.
     *
     * @param arguments what was typed
     * @return the settings
     * @throws UsageError when a prefix is none
     */
    static RelayWords of(Arguments arguments) throws UsageError {
        for (String network : arguments.all(RELAY_TO.name())) {
            Values.prefix(RELAY_TO.name(), network);
        }
        List<String> only = arguments.all(RELAY_TO.name());
        return new RelayWords(arguments.has(RELAY.name()) || !only.isEmpty(), only);
    }

    /**
     * Sets what was typed.
     *
     * @param builder of the server's configuration
     * @param offers whether networks were typed that are offered
     * @param dns whether DNS servers were typed
     * @param journal where to say that devices get no DNS server
     */
    void apply(ServerConfig.Builder builder, boolean offers, boolean dns, Journal journal) {
        if (!on) {
            return;
        }
        Destinations allowed = only.isEmpty() ? Destinations.all() : Destinations.none();
        for (String network : only) {
            allowed = allowed.allow(network);
        }
        builder.forwarder(Forwarders.relay(allowed));
        if (!offers) {
            builder.offer("0.0.0.0/0", "::/0");
        }
        if (!dns) {
            List<String> servers = resolvers(RESOLVERS, allowed);
            if (servers.isEmpty()) {
                journal.note("devices are told no DNS server: this machine has none that they could reach; give --dns");
            }
            builder.dns(servers.toArray(String[]::new));
        }
    }

    /**
     * The DNS servers that a system asks, as far as devices may reach them.
     *
     * @param files such as resolv.conf(5); the first that names a usable server counts
     * @param allowed where devices may go
     * @return addresses, perhaps none
     */
    static List<String> resolvers(List<Path> files, Destinations allowed) {
        for (Path file : files) {
            var servers = new ArrayList<String>();
            try {
                for (String line : Files.readAllLines(file)) {
                    String[] words = line.strip().split("\\s+");
                    if (words.length >= 2 && words[0].equals("nameserver") && isUsable(words[1], allowed)) {
                        servers.add(words[1]);
                    }
                }
            } catch (IOException absent) {
                continue;
            }
            if (!servers.isEmpty()) {
                return List.copyOf(servers);
            }
        }
        return List.of();
    }

    private static boolean isUsable(String server, Destinations allowed) {
        try {
            return allowed.allows(IpAddress.parse(server).toInetAddress());
        } catch (IllegalArgumentException withZone) {
            return false;
        }
    }
}
