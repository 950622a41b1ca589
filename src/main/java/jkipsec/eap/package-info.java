/**
 * The Extensible Authentication Protocol (RFC 3748) as far as IKEv2 clients log in with it: user name and password by
 * EAP-MSCHAPv2 (draft-kamath-pppext-eap-mschapv2, RFC 2759), both sides.
 *
 * <p>{@link jkipsec.eap.EapServer} asks and verifies, {@link jkipsec.eap.EapClient} answers. Both are state machines
 * without threads, clock or I/O: an EAP message in, a step out that says what to send or how it ended. When a login
 * succeeds, both sides have the same master session key (MSK), from which IKE computes its AUTH payloads (RFC 7296
 * §2.16). What travels: {@link jkipsec.eap.EapPacket}, and inside it {@link jkipsec.eap.MsChapV2Message}.
 *
 * <p>MS-CHAPv2 falls to an eavesdropper who tries passwords. It is safe only inside an IKE SA whose server has proved
 * by certificate who it is, before the client sends anything; never use it elsewhere.
 */
package jkipsec.eap;
