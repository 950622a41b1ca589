/**
 * The Internet Protocol as the inside of a tunnel needs it: addresses and prefixes, IPv4 and IPv6 headers, the
 * Internet checksum, fragments, ICMP and UDP headers.
 *
 * <p>{@link jkipsec.ip.IpAddress} with {@link jkipsec.ip.Ipv4Address} and {@link jkipsec.ip.Ipv6Address},
 * {@link jkipsec.ip.IpPrefix} and {@link jkipsec.ip.Endpoint} are immutable values; they read literals only and never
 * ask a name server. {@link jkipsec.ip.IpPacket} looks at a received packet in place;
 * {@link jkipsec.ip.IpHeader} puts a header in front of a payload already written. {@link jkipsec.ip.Fragmenter} cuts
 * packets and {@link jkipsec.ip.Reassembler} puts fragments together, within bounds.
 *
 * <p>Start with {@code IpPacket.parse} and read on to {@code IcmpMessage} and {@code UdpHeader}.
 */
package jkipsec.ip;
