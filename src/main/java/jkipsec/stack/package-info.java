/**
 * The IP stack of one tunnel's end, or of any other packet link: packets and time in, actions out, no thread, no clock, no
 * socket, and no IKE.
 *
 * <p>A {@link jkipsec.stack.IpStack} checks what comes in, skips IPv6's extension headers, puts fragments together,
 * answers pings and says by ICMP what it does not take; the rest it hands to its {@link jkipsec.tcp.TcpStack} and {@link
 * jkipsec.udp.UdpStack}. What it wants done comes out as {@link jkipsec.stack.StackAction}s.
 *
 * <p>Two of them, each given the packets of the other, are two hosts and a link between them.
 *
 * <p>Everything of one stack is confined to the thread that calls it. Times are nanoseconds of any monotonic clock.
 */
package jkipsec.stack;
