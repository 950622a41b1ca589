/**
 * One IPsec endpoint as a whole, without threads, clock or sockets: datagrams, ticks and the application's calls go into
 * {@link jkipsec.gateway.Gateway}, and what is to be done comes out as {@link jkipsec.gateway.GatewayAction}s.
 *
 * <p>It tells IKE from ESP, finds the IKE SA or inbound ESP SA that a datagram names, checks what comes out of a tunnel
 * against its traffic selectors, hands it to the tunnel's {@link jkipsec.stack.IpStack}, and assigns inner addresses.
 * {@code GatewayHost} is what IKE SAs ask of it, and have to tell it. Under a
 * flood of first messages {@code Admission} says who may begin a handshake, and {@code Cookies} tell devices from
 * forged addresses without keeping anything (RFC 7296 §2.6).
 *
 * <p>A test runs several of these and a simulated network in one thread; the library's shell runs one with real sockets.
 *
 * <p>Everything here is confined to one thread, except where a type says that it is immutable.
 */
package jkipsec.gateway;
