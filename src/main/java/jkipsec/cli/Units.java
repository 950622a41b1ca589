package jkipsec.cli;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Locale;
import jkipsec.ip.IpAddress;

/** Writes quantities and addresses for people. */
public final class Units {
    private Units() {}

    /**
     * A number of octets.
     *
     * @param octets the number
     * @return with a binary unit
     */
    public static String octets(long octets) {
        if (octets < 10 * 1024) {
            return octets + " B";
        }
        return octets < 10L * 1024 * 1024
                ? format("%.1f KiB", octets / 1024.0)
                : format("%.1f MiB", octets / 1048576.0);
    }

    /**
     * A length of time.
     *
     * @param time the time
     * @return in microseconds, milliseconds or seconds
     */
    public static String time(Duration time) {
        double micros = time.toNanos() / 1e3;
        if (micros < 1000) {
            return format("%.0f µs", micros);
        }
        return micros < 1e6 ? format("%.1f ms", micros / 1e3) : format("%.2f s", micros / 1e6);
    }

    /**
     * A rate.
     *
     * @param octets how much
     * @param time in which time
     * @return in Mbit/s
     */
    public static String rate(long octets, Duration time) {
        return format("%.0f Mbit/s", octets * 8e3 / Math.max(1, time.toNanos()));
    }

    /**
     * An address without the host name that {@link InetAddress} likes to put in front.
     *
     * @param address the address
     * @return the literal
     */
    public static String literal(InetAddress address) {
        return IpAddress.of(address).toString();
    }

    /**
     * An address and a port.
     *
     * @param address the socket address
     * @return the literal, brackets around an IPv6 address, or a star for all addresses; then a colon and the port
     */
    public static String literal(InetSocketAddress address) {
        if (address.getAddress().isAnyLocalAddress()) {
            // What is bound to 0.0.0.0 reports itself as ::, where there is IPv6.
            return "*:" + address.getPort();
        }
        String host = literal(address.getAddress());
        return (host.indexOf(':') < 0 ? host : "[" + host + "]") + ":" + address.getPort();
    }

    /** Formats alike in every country. */
    private static String format(String pattern, double value) {
        return String.format(Locale.ROOT, pattern, value);
    }
}
