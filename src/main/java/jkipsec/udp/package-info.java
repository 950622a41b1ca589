/**
 * A UDP endpoint in user space (RFC 768, RFC 1122 §4.1): packets in, actions out, no thread, no clock, no socket.
 *
 * <p>A {@link jkipsec.udp.UdpStack} holds the bound ports of one tunnel. It is given IP packets and the application's
 * calls, and answers with {@link jkipsec.udp.UdpAction}s: packets to transmit, datagrams received. It keeps no datagram:
 * queues are the application's.
 *
 * <p>A stack can also play the part of other hosts: {@link jkipsec.udp.UdpStack#forward} has it offer the flows of
 * datagrams to addresses that are not its own, as {@link jkipsec.udp.UdpOffer}s.
 *
 * <p>Everything of one stack is confined to the thread that calls it.
 */
package jkipsec.udp;
