package jkipsec.ike;

import java.util.Arrays;
import jkipsec.bytes.ByteWriter;
import jkipsec.bytes.Secret;
import jkipsec.crypto.CipherSuite;
import jkipsec.crypto.Prf;

/**
 * The keys of an IKE SA (RFC 7296 §2.14), for one negotiated PRF and suite. Whoever holds the record destroys it when
 * the SA ends.
 *
 * @param prf the negotiated PRF
 * @param suite the negotiated suite
 * @param d SK_d, from which the keys of Child SAs come
 * @param ai SK_ai, integrity of what the initiator sends; empty with an AEAD
 * @param ar SK_ar, integrity of what the responder sends; empty with an AEAD
 * @param ei SK_ei, encryption of what the initiator sends, with the AEAD's salt behind
 * @param er SK_er, encryption of what the responder sends, with the AEAD's salt behind
 * @param pi SK_pi, for the initiator's AUTH
 * @param pr SK_pr, for the responder's AUTH
 */
record IkeKeys(
        Prf prf,
        CipherSuite suite,
        Secret d,
        Secret ai,
        Secret ar,
        Secret ei,
        Secret er,
        Secret pi,
        Secret pr) {
    /**
     * What both sides contributed to the keys besides the Diffie-Hellman secret.
     *
     * @param initiatorSpi SPIi of the IKE SA
     * @param responderSpi SPIr of the IKE SA
     * @param initiatorNonce Ni, without its payload header
     * @param responderNonce Nr, without its payload header
     */
    record Seed(long initiatorSpi, long responderSpi, byte[] initiatorNonce, byte[] responderNonce) {
        byte[] nonces() {
            return new ByteWriter().bytes(initiatorNonce).bytes(responderNonce).toByteArray();
        }

        byte[] noncesAndSpis() {
            return new ByteWriter()
                    .bytes(initiatorNonce)
                    .bytes(responderNonce)
                    .i64(initiatorSpi)
                    .i64(responderSpi)
                    .toByteArray();
        }
    }

    /** Derives all keys of a first IKE SA: SKEYSEED = prf(Ni | Nr, g^ir), then prf+ (RFC 7296 §2.14). */
    static IkeKeys derive(Prf prf, CipherSuite suite, Secret sharedSecret, Seed seed) {
        try (Secret skeyseed = Secret.owning(prf.apply(seed.nonces(), sharedSecret.expose()))) {
            return expand(prf, suite, skeyseed, seed);
        }
    }

    /**
     * Derives the keys of an IKE SA that replaces this one: SKEYSEED = prf(SK_d, g^ir | Ni | Nr) (RFC 7296 §2.18), and
     * with additional key exchanges prf(SK_d, SK(0) | Ni | Nr | SK(1) | …) (RFC 9370 §2.2.4).
     */
    IkeKeys rekeyed(NegotiatedIke chosen, SharedSecrets secrets, Seed seed) {
        try (Secret skeyseed = Secret.owning(prf.apply(d, secrets.around(seed.nonces())))) {
            return expand(chosen.prf(), chosen.suite(), skeyseed, seed);
        }
    }

    /**
     * Derives the keys after an additional key exchange of IKE_INTERMEDIATE from those before:
     * SKEYSEED(n) = prf(SK_d(n-1), SK(n) | Ni | Nr) (RFC 9370 §2.2.2).
     */
    IkeKeys after(Secret additionalSecret, Seed seed) {
        try (Secret skeyseed = Secret.owning(prf.apply(d, additionalSecret.expose(), seed.nonces()))) {
            return expand(prf, suite, skeyseed, seed);
        }
    }

    /**
     * These keys with a post-quantum pre-shared key mixed in: SK_d = prf+(PPK, SK_d'), and SK_pi and SK_pr likewise (RFC
     * 8784 §3). The others are copies.
     */
    IkeKeys mixedWith(Ppk ppk) {
        return new IkeKeys(prf, suite, mixed(ppk, d), copy(ai), copy(ar), copy(ei), copy(er), mixed(ppk, pi), mixed(ppk, pr));
    }

    private Secret mixed(Ppk ppk, Secret key) {
        return Secret.owning(prf.prfPlus(ppk.secret(), key.expose(), key.length()));
    }

    private static Secret copy(Secret key) {
        return Secret.copyOf(key.expose());
    }

    private static IkeKeys expand(Prf prf, CipherSuite suite, Secret skeyseed, Seed seed) {
        int p = prf.keyLength();
        int a = suite.integrityKeyLength();
        int e = suite.encryptionKeyLength();
        byte[] stream = prf.prfPlus(skeyseed, seed.noncesAndSpis(), p + 2 * a + 2 * e + 2 * p);
        var cutter = new Cutter(stream);
        try {
            return new IkeKeys(
                    prf, suite, cutter.next(p), cutter.next(a), cutter.next(a), cutter.next(e), cutter.next(e),
                    cutter.next(p), cutter.next(p));
        } finally {
            Arrays.fill(stream, (byte) 0);
        }
    }

    /** Wipes every key. */
    void destroy() {
        for (Secret key : new Secret[] {d, ai, ar, ei, er, pi, pr}) {
            key.destroy();
        }
    }

    @Override
    public String toString() {
        return "IkeKeys[" + suite + "]";
    }

    /** Cuts a key stream into keys, in order. */
    static final class Cutter {
        private final byte[] stream;
        private int position;

        Cutter(byte[] stream) {
            this.stream = stream;
        }

        Secret next(int length) {
            position += length;
            return Secret.copyOfRange(stream, position - length, position);
        }
    }
}
