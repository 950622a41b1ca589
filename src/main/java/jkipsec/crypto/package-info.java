/**
 * Cryptography that IKEv2 and ESP need, behind names of the RFCs: the pseudo-random function and prf+ ({@link
 * jkipsec.crypto.Prf}), Diffie-Hellman ({@link jkipsec.crypto.KeyExchangeMethod}), and the protection of one packet
 * ({@link jkipsec.crypto.PacketCipher}, made by a {@link jkipsec.crypto.CipherSuite}).
 *
 * <p>A packet cipher knows neither IKE nor ESP: it sees a header that is authenticated, room for an IV, a plaintext and
 * room for an integrity check value, all in one array, and works in place. The algorithms themselves are the JDK's,
 * which the processor accelerates; Bouncy Castle stands in for elliptic curves where a JDK image has none. Enum rows
 * carry the IANA transform numbers, so another algorithm is another row.
 *
 * <p>Randomness comes only from the {@link jkipsec.bytes.RandomSource} passed in: the same source gives the same keys
 * and IVs. Nothing here is thread-safe unless it says so; enums and records are immutable.
 */
package jkipsec.crypto;
