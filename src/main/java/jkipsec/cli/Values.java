package jkipsec.cli;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import jkipsec.Suite;
import jkipsec.ip.IpAddress;
import jkipsec.ip.IpPrefix;

/** Turns the text of options and variables into values. The first argument of each method is where the text stood. */
final class Values {
    private Values() {}

    /**
     * A port that exists.
     *
     * @param where the option or variable
     * @param text a decimal number
     * @return 1 to 65,535
     * @throws UsageError when it is none
     */
    static int port(String where, String text) throws UsageError {
        return number(where, text, 1, 0xffff, "a port number");
    }

    /**
     * A port to bind, or 0.
     *
     * @param where the option or variable
     * @param text a decimal number
     * @return 0 (any free one) to 65,535
     * @throws UsageError when it is none
     */
    static int bindPort(String where, String text) throws UsageError {
        return number(where, text, 0, 0xffff, "a port number, 0 for any free one");
    }

    /**
     * A number within bounds.
     *
     * @param where the option or variable
     * @param text a decimal number
     * @param min the least
     * @param max the most
     * @param what what it is, for the complaint
     * @return the number
     * @throws UsageError when it is none or out of bounds
     */
    static int number(String where, String text, int min, int max, String what) throws UsageError {
        int number;
        try {
            number = Integer.parseInt(text);
        } catch (NumberFormatException not) {
            number = min - 1;
        }
        if (number < min || number > max) {
            throw new UsageError(where + ": '" + text + "' is not " + what + " (" + min + " to " + max + ")");
        }
        return number;
    }

    /**
     * A number of seconds.
     *
     * @param where the option or variable
     * @param text a decimal number, perhaps with a fraction
     * @param max the most, in seconds
     * @return the time
     * @throws UsageError when it is none, not positive or too long
     */
    static Duration seconds(String where, String text, int max) throws UsageError {
        double seconds;
        try {
            seconds = Double.parseDouble(text);
        } catch (NumberFormatException not) {
            seconds = -1;
        }
        if (!(seconds >= 0.001 && seconds <= max)) {
            throw new UsageError(where + ": '" + text + "' is not a number of seconds (0.001 to " + max + ")");
        }
        return Duration.ofNanos((long) (seconds * 1e9));
    }

    /**
     * An IP address; names are not looked up.
     *
     * @param where the option or variable
     * @param text a literal address
     * @return the text
     * @throws UsageError when it is none
     */
    static String address(String where, String text) throws UsageError {
        try {
            IpAddress.parse(text);
            return text;
        } catch (IllegalArgumentException not) {
            throw new UsageError(where + ": '" + text + "' is not an IP address; write one such as 203.0.113.1"
                    + " (names are not looked up)");
        }
    }

    /**
     * A range of addresses.
     *
     * @param where the option or variable
     * @param text an address, a slash and a prefix length
     * @return the text
     * @throws UsageError when it is none
     */
    static String prefix(String where, String text) throws UsageError {
        try {
            IpPrefix.parse(text);
            return text;
        } catch (IllegalArgumentException not) {
            throw new UsageError(where + ": '" + text + "' is not a range of addresses; write one such as 10.8.0.0/24");
        }
    }

    /**
     * Several ports.
     *
     * @param where the option or variable
     * @param text numbers with commas between
     * @return the ports, in order, without repetitions
     * @throws UsageError when one is none, or there is none
     */
    static List<Integer> ports(String where, String text) throws UsageError {
        List<Integer> ports = new ArrayList<>();
        for (String part : text.split(",")) {
            int port = port(where, part.strip());
            if (!ports.contains(port)) {
                ports.add(port);
            }
        }
        return List.copyOf(ports);
    }

    /**
     * Two ports.
     *
     * @param where the option
     * @param text the local and the device's port with a colon between
     * @return the forward
     * @throws UsageError when it is not two ports
     */
    static Forward forward(String where, String text) throws UsageError {
        String[] parts = text.split(":", -1);
        if (parts.length != 2) {
            throw new UsageError(where + ": '" + text + "' is not LOCALPORT:DEVICEPORT; write for example 8022:22");
        }
        return new Forward(bindPort(where, parts[0]), port(where, parts[1]));
    }

    /**
     * Suites in order of preference.
     *
     * @param where the option
     * @param text short names with commas between
     * @return the suites, without repetitions
     * @throws UsageError when one is unknown
     */
    static List<Suite> suites(String where, String text) throws UsageError {
        List<Suite> suites = new ArrayList<>();
        var names = Arrays.stream(Suite.values()).map(Values::name).toList();
        for (String part : text.split(",")) {
            String typed = part.strip().toLowerCase(Locale.ROOT).replace('_', '-');
            int index = names.indexOf(typed);
            if (index < 0) {
                throw new UsageError(where + ": there is no suite '" + part.strip() + "'"
                        + Nearest.suggestion(typed, names) + " (suites: " + String.join(", ", names) + ")");
            }
            if (!suites.contains(Suite.values()[index])) {
                suites.add(Suite.values()[index]);
            }
        }
        return List.copyOf(suites);
    }

    /**
     * How a suite is typed and shown.
     *
     * @param suite a suite
     * @return its name in lower case with hyphens
     */
    static String name(Suite suite) {
        return suite.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
