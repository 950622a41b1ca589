/**
 * A VPN endpoint inside a Java program: devices connect by IKEv2 and IPsec, and the program talks to them through
 * blocking {@link java.net.Socket}s. No root, no kernel support, no network interface.
 *
 * <p>{@link jkipsec.VpnServer} lets devices in, {@link jkipsec.VpnClient} connects to a server, and either gives a
 * {@link jkipsec.Tunnel} with sockets in both directions. A {@link jkipsec.Forwarder} decides about what devices send to
 * others through it. A pre-shared key is kept as an {@link jkipsec.AuthKey}; an
 * {@link jkipsec.Authenticator} decides who may come in. In place of the key, users may have passwords, and devices
 * certificates.
 *
 * <p>Behind these, not visible outside, is what gives the protocol core its threads, clock and sockets. One platform
 * thread, the engine, drives the core's {@link jkipsec.gateway.Gateway} and owns all its state. A virtual thread for
 * each UDP socket puts datagrams into the engine's inbox; one for each tunnel seals and sends what the engine hands
 * it. Between the engine and the application's threads are pipes: the engine never waits at one, the application does.
 */
package jkipsec;
