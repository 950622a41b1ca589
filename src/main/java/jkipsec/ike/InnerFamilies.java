package jkipsec.ike;

import jkipsec.ip.IpAddress;

/** Of which families a device wants addresses inside the tunnel (RFC 7296 §3.15.1). */
public enum InnerFamilies {
    /** An IPv4 address. */
    IPV4,
    /** An IPv6 address. */
    IPV6,
    /** One of each. */
    BOTH;

    /**
     * Whether an IPv4 address is wanted.
     *
     * @return true but for {@link #IPV6}
     */
    public boolean ipv4() {
        return this != IPV6;
    }

    /**
     * Whether an IPv6 address is wanted.
     *
     * @return true but for {@link #IPV4}
     */
    public boolean ipv6() {
        return this != IPV4;
    }

    /**
     * Whether an address is of a wanted family.
     *
     * @param address an address of either family
     * @return true when its family is wanted
     */
    public boolean include(IpAddress address) {
        return address.bitLength() == 32 ? ipv4() : ipv6();
    }
}
