package jkipsec;

/**
 * What went through a tunnel since it came up. Packets and octets are counted inside the tunnel: IP packets with their
 * headers, without ESP.
 *
 * @param packetsIn packets received and authenticated
 * @param octetsIn octets of those
 * @param packetsOut packets sent
 * @param octetsOut octets of those
 * @param droppedOut packets not sent: too many waited, or the system refused
 */
public record TunnelStatistics(long packetsIn, long octetsIn, long packetsOut, long octetsOut, long droppedOut) {}
