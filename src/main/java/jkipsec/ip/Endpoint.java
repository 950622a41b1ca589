package jkipsec.ip;

import java.net.InetSocketAddress;
import java.util.Objects;

/**
 * An address and a port.
 *
 * @param address the address
 * @param port 0 to 65,535
 */
public record Endpoint(IpAddress address, int port) {
    /** Checks the port. */
    public Endpoint {
        Objects.requireNonNull(address, "address");
        if (port < 0 || port > 0xffff) {
            throw new IllegalArgumentException("a port is 0 to 65535, not " + port);
        }
    }

    /**
     * Takes address and port out of the JDK's type. A scope (zone) of an IPv6 address is not kept.
     *
     * @param socketAddress one that holds an address
     * @return the same endpoint
     * @throws IllegalArgumentException when it holds only a name that was not resolved; it names it
     */
    public static Endpoint of(InetSocketAddress socketAddress) {
        if (socketAddress.isUnresolved()) {
            throw new IllegalArgumentException(socketAddress + " has no address: the name was not resolved");
        }
        return new Endpoint(IpAddress.of(socketAddress.getAddress()), socketAddress.getPort());
    }

    /**
     * Reads {@code address:port}, with brackets around an IPv6 address.
     *
     * @param text such as {@code 192.0.2.1:500} or {@code [2001:db8::1]:500}
     * @return the endpoint
     * @throws IllegalArgumentException when the text is anything else; it names the text
     */
    public static Endpoint parse(String text) {
        int colon = text.lastIndexOf(':');
        boolean bracketed = text.startsWith("[");
        String port = text.substring(colon + 1);
        if (colon < 1 || !port.matches("0|[1-9][0-9]{0,4}")
                || (bracketed ? text.charAt(colon - 1) != ']' : text.indexOf(':') != colon)) {
            throw new IllegalArgumentException(
                    "\"" + text + "\" is not an address and a port; write 192.0.2.1:500 or [2001:db8::1]:500");
        }
        IpAddress address = bracketed
                ? Ipv6Address.parse(text.substring(1, colon - 1))
                : Ipv4Address.parse(text.substring(0, colon));
        return new Endpoint(address, Integer.parseInt(port));
    }

    /**
     * The JDK's type for the same endpoint.
     *
     * @return a resolved socket address without a name
     */
    public InetSocketAddress toInetSocketAddress() {
        return new InetSocketAddress(address.toInetAddress(), port);
    }

    /** Gives {@code 192.0.2.1:500} or {@code [2001:db8::1]:500}. */
    @Override
    public String toString() {
        return address instanceof Ipv6Address ? "[" + address + "]:" + port : address + ":" + port;
    }
}
