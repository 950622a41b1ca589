package jkipsec.ip;

/** How to answer a packet whose destination is not to be reached. */
public enum Refusal {
    /**
     * As a host does on which nothing listens at that port: TCP answers with RST, UDP with ICMP port unreachable
     * (RFC 1122 §4.1.3.1, RFC 4443 §3.1 code 4).
     */
    CLOSED(3, 4),
    /** As a router does that finds no such host: ICMP host unreachable (RFC 792), address unreachable (RFC 4443). */
    UNREACHABLE(1, 3),
    /** As a firewall does: ICMP communication administratively prohibited (RFC 1812 §5.2.7.1, RFC 4443 §3.1). */
    PROHIBITED(13, 1),
    /** Not at all. */
    SILENT(-1, -1);

    private final int code4;
    private final int code6;

    Refusal(int code4, int code6) {
        this.code4 = code4;
        this.code6 = code6;
    }

    /**
     * The ICMP message that says so.
     *
     * @param refused the packet
     * @return the message, with as much of the packet as every host must accept
     * @throws IllegalStateException for {@link #SILENT}, which says nothing
     */
    public IcmpMessage icmp(IpPacket refused) {
        if (this == SILENT) {
            throw new IllegalStateException("a silent refusal has no message");
        }
        return new IcmpMessage.Unreachable(
                refused.version() == 4 ? code4 : code6, IcmpCodec.beginningOf(refused));
    }
}
