/**
 * IKEv2 (RFC 7296): one IKE SA as a state machine without threads, clock or sockets, for the initiator's and the
 * responder's role alike.
 *
 * <p>Start at {@link jkipsec.ike.IkeSa}: messages, timer ticks and finished work go in; what it wants done goes out
 * through {@link jkipsec.ike.IkeHost}. Beneath it, each thing stands alone and can be tried alone:
 *
 * <ul>
 *   <li>{@code Negotiation} chooses one suite among the proposals of two sides (§2.7, §3.3.6);
 *   <li>{@code IkeKeys}, {@code ChildKeys} derive keys (§2.14, §2.17);
 *   <li>{@code SkProtection} seals and opens SK and SKF payloads (§3.14, RFC 5282);
 *   <li>{@code Fragmenter} divides messages too large for the path, {@code Reassembly} puts them together again, and
 *       {@code Fragments} says when (RFC 7383);
 *   <li>{@code RequestQueue} and {@code ResponseCache} keep message IDs, retransmission and the repeated answer (§2.1 to
 *       §2.3), the same for every exchange;
 *   <li>{@code ResponderHandshake} and {@code InitiatorHandshake} carry IKE_SA_INIT, {@code ResponderAuth} and
 *       {@code InitiatorAuth} IKE_AUTH;
 *   <li>{@code CreateChild}, {@code ChildRekey} and {@code IkeRekey} carry CREATE_CHILD_SA, {@code ChildKeeper} and
 *       {@code Succession} say when, and what becomes of collisions (§2.8, §2.25);
 *   <li>{@code ResponderIntermediate} and {@code InitiatorIntermediate}, {@code FollowUpResponder} and {@code
 *       FollowUpInitiator} carry additional key exchanges (RFC 9242, RFC 9370);
 *   <li>{@code Lifecycle} says in which state it is, and owns every way in which it ends;
 *   <li>{@code Informational} carries DELETE; {@code Vitality} asks silent peers whether they live, {@code Mobility}
 *       follows them when they move (§2.23, RFC 4555).
 * </ul>
 *
 * <pre>
 *    initiator                                              responder
 *    HDR, SAi1, KEi, Ni, N(NAT-D)                  --&gt;
 *                                                  &lt;--      HDR, SAr1, KEr, Nr, N(NAT-D)
 *    HDR, SK {IDi, [IDr,] AUTH, CP, SAi2, TSi, TSr} --&gt;
 *                                                  &lt;--      HDR, SK {IDr, AUTH, CP, SAr2, TSi, TSr}
 * </pre>
 *
 * <p>An IKE SA belongs to one thread. Diffie-Hellman runs as {@link jkipsec.ike.Work} wherever the host likes.
 */
package jkipsec.ike;
