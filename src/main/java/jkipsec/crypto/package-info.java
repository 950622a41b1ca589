/**
 * Cryptography that IKEv2 and ESP need, behind names of the RFCs: the pseudo-random function and prf+ ({@link
 * jkipsec.crypto.Prf}), Diffie-Hellman and key encapsulation ({@link jkipsec.crypto.KeyExchangeMethod}), and the
 * protection of one packet ({@link jkipsec.crypto.PacketCipher}, made by a {@link jkipsec.crypto.CipherSuite}).
 *
 * <p>A packet cipher knows neither IKE nor ESP: it sees a header that is authenticated, room for an IV, a plaintext and
 * room for an integrity check value, all in one array, and works in place. Ciphers and hashes are the JDK's, which the
 * processor accelerates; elliptic curves and ML-KEM are Bouncy Castle's, which take their random octets as arguments,
 * need no security provider and are the faster ones or the only ones on Java 21. Enum rows carry the IANA transform
 * numbers, so another algorithm is another row.
 *
 * <p>Randomness comes only from the {@link jkipsec.bytes.RandomSource} passed in: the same source gives the same keys
 * and IVs. Nothing here is thread-safe unless it says so; enums and records are immutable.
 */
package jkipsec.crypto;
