package jkipsec;

import java.net.BindException;
import java.net.InetSocketAddress;
import java.net.SocketException;
import java.util.Locale;
import jkipsec.ip.Endpoint;

/** Explains why a UDP port could not be bound, and what can be done. */
final class BindAdvice {
    private BindAdvice() {}

    /**
     * Makes the exception the application gets.
     *
     * @param address what was to be bound
     * @param cause what the system said
     * @return an exception whose message names the address, the port and the ways out
     */
    static BindException explain(InetSocketAddress address, SocketException cause) {
        String said = String.valueOf(cause.getMessage());
        String where = String.valueOf(Endpoint.of(address));
        String advice = switch (kind(said)) {
            case IN_USE -> "another program has UDP port " + address.getPort() + " (`ss -ulpn 'sport = :"
                    + address.getPort() + "'` shows which; an IKE daemon such as strongSwan or libreswan holds 500 and"
                    + " 4500); stop it, or bind another address or port";
            case NO_PRIVILEGE -> "ports below 1024 need a privilege. Either give it to the JVM:"
                    + " `setcap cap_net_bind_service=+ep $JAVA_HOME/bin/java`; or allow everybody:"
                    + " `sysctl net.ipv4.ip_unprivileged_port_start=" + address.getPort() + "`; or bind a higher port"
                    + " and redirect: `nft add rule ip nat prerouting udp dport " + address.getPort() + " redirect to :"
                    + (8_000 + address.getPort()) + "`";
            case NOT_LOCAL -> "this machine does not have the address (`ip address` shows which it has); bind one it"
                    + " has, or 0.0.0.0 for all, and give the one the devices see as publicAddress";
            case OTHER -> "the system refused";
        };
        var explained = new BindException("cannot bind UDP " + where + ": " + said + "; " + advice);
        explained.initCause(cause);
        return explained;
    }

    private enum Kind { IN_USE, NO_PRIVILEGE, NOT_LOCAL, OTHER }

    private static Kind kind(String said) {
        String text = said.toLowerCase(Locale.ROOT);
        if (text.contains("in use")) {
            return Kind.IN_USE;
        } else if (text.contains("permission")) {
            return Kind.NO_PRIVILEGE;
        } else if (text.contains("cannot assign") || text.contains("can't assign")) {
            return Kind.NOT_LOCAL;
        }
        return Kind.OTHER;
    }
}
