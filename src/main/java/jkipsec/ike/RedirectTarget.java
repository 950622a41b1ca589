package jkipsec.ike;

import java.util.Objects;
import jkipsec.ip.IpAddress;

/** Where a gateway sends a device instead of serving it itself (RFC 5685 §9.2). */
public sealed interface RedirectTarget {
    /**
     * A gateway at an address.
     *
     * @param address the address
     */
    record Address(IpAddress address) implements RedirectTarget {
        /** Checks that it is one. */
        public Address {
            Objects.requireNonNull(address, "address");
        }

        @Override
        public String toString() {
            return address.toString();
        }
    }

    /**
     * A gateway that the device finds by name.
     *
     * @param domain a domain name in ASCII, of at most 253 characters
     */
    record Name(String domain) implements RedirectTarget {
        private static final int LONGEST = 253;
        private static final String LABELS = "[A-Za-z0-9_-]{1,63}(\\.[A-Za-z0-9_-]{1,63})*";

        /** Checks that it looks like one. */
        public Name {
            if (!isValid(domain)) {
                throw new IllegalArgumentException("\"" + domain + "\" is not a domain name; write one in ASCII, such"
                        + " as vpn2.example.com");
            }
        }

        static boolean isValid(String domain) {
            return domain.length() <= LONGEST && domain.matches(LABELS);
        }

        @Override
        public String toString() {
            return domain;
        }
    }

    /**
     * Reads an address or a name.
     *
     * @param text an IPv4 or IPv6 address literal, or a domain name in ASCII
     * @return the target
     * @throws IllegalArgumentException when it is neither
     */
    static RedirectTarget of(String text) {
        IpAddress address;
        try {
            address = IpAddress.parse(text);
        } catch (IllegalArgumentException e) {
            return new Name(text);
        }
        return new Address(address);
    }
}
