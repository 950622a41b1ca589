/**
 * An IKEv2/IPsec VPN endpoint in user space: a phone connects with the VPN client it already has, and the program gets
 * blocking sockets to it.
 *
 * <p>The stable API is package {@link jkipsec}: begin at {@link jkipsec.VpnServer}. All other exported packages are the
 * toolbox it is made of, for jshell, protocol tests and experiments; they may change in minor releases. Each plays alone,
 * without threads, clock or sockets, and every arrow points left:
 *
 * <pre>
 *   bytes  &lt;-  crypto  eap  ip  &lt;-  ike.message  esp  tcp  udp  &lt;-  pki  stack  &lt;-  ike  &lt;-  gateway
 *         &lt;-  jkipsec (API, threads, sockets)  &lt;-  cli
 * </pre>
 *
 * <ul>
 *   <li>{@link jkipsec.bytes}: bounds-checked reading and writing, packets, secrets
 *   <li>{@link jkipsec.crypto}: PRF, key exchange, AES-GCM, AES-CBC with HMAC
 *   <li>{@link jkipsec.eap}: logging in by user name and password, EAP-MSCHAPv2
 *   <li>{@link jkipsec.ip}: addresses, IP, ICMP and UDP headers, checksums, fragments
 *   <li>{@link jkipsec.ike.message}: the IKEv2 wire format
 *   <li>{@link jkipsec.esp}: ESP security associations and the replay window
 *   <li>{@link jkipsec.pki}: certificates, trust and the names they give
 *   <li>{@link jkipsec.tcp}: a TCP of its own
 *   <li>{@link jkipsec.udp}: UDP
 *   <li>{@link jkipsec.stack}: a host of IP, ICMP, TCP and UDP at the end of any packet link, without IKE
 *   <li>{@link jkipsec.ike}: the IKE SA as a state machine, both roles
 *   <li>{@link jkipsec.gateway}: a whole endpoint, datagrams in, actions out
 * </ul>
 */
module jkipsec {
    // Never transitive: no type of Bouncy Castle appears in a signature.
    requires org.bouncycastle.provider;
    // For the names of the socket options TCP_KEEPIDLE and its like.
    requires jdk.net;

    exports jkipsec;
    exports jkipsec.bytes;
    exports jkipsec.crypto;
    exports jkipsec.eap;
    exports jkipsec.esp;
    exports jkipsec.gateway;
    exports jkipsec.ike;
    exports jkipsec.ike.message;
    exports jkipsec.ip;
    exports jkipsec.pki;
    exports jkipsec.stack;
    exports jkipsec.tcp;
    exports jkipsec.udp;
}
