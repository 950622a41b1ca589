package jkipsec.ike;

import java.util.Arrays;
import jkipsec.bytes.ByteWriter;
import jkipsec.bytes.RandomSource;
import jkipsec.bytes.Secret;
import jkipsec.crypto.CipherSuite;
import jkipsec.crypto.PacketCipher;
import jkipsec.esp.InboundSa;
import jkipsec.esp.OutboundSa;
import jkipsec.esp.ReplayWindow;

/**
 * The keys of one Child SA's two directions (RFC 7296 §2.17): KEYMAT is cut first for the direction from the exchange's
 * initiator to its responder, encryption before integrity.
 *
 * @param suite the negotiated suite
 * @param encryptionI encryption key of what the exchange's initiator sends
 * @param integrityI integrity key of what the exchange's initiator sends; empty with an AEAD
 * @param encryptionR encryption key of what the exchange's responder sends
 * @param integrityR integrity key of what the exchange's responder sends; empty with an AEAD
 */
record ChildKeys(CipherSuite suite, Secret encryptionI, Secret integrityI, Secret encryptionR, Secret integrityR) {
    /** Derives KEYMAT = prf+(SK_d, Ni | Nr) for a Child SA without a key exchange of its own. */
    static ChildKeys derive(IkeKeys ike, CipherSuite suite, byte[] initiatorNonce, byte[] responderNonce) {
        return expand(ike, suite, new ByteWriter().bytes(initiatorNonce).bytes(responderNonce).toByteArray());
    }

    /**
     * Derives KEYMAT = prf+(SK_d, g^ir | Ni | Nr) for a Child SA with a key exchange of its own, and with additional ones
     * prf+(SK_d, SK(0) | Ni | Nr | SK(1) | …) (RFC 9370 §2.2.4).
     */
    static ChildKeys derive(
            IkeKeys ike, CipherSuite suite, SharedSecrets secrets, byte[] initiatorNonce, byte[] responderNonce) {
        byte[] nonces = new ByteWriter().bytes(initiatorNonce).bytes(responderNonce).toByteArray();
        byte[][] parts = secrets.around(nonces);
        var writer = new ByteWriter(Arrays.stream(parts).mapToInt(part -> part.length).sum());
        Arrays.stream(parts).forEach(writer::bytes);
        byte[] seed = writer.toByteArray();
        try {
            return expand(ike, suite, seed);
        } finally {
            Arrays.fill(seed, (byte) 0);
        }
    }

    private static ChildKeys expand(IkeKeys ike, CipherSuite suite, byte[] seed) {
        int e = suite.encryptionKeyLength();
        int a = suite.integrityKeyLength();
        byte[] stream = ike.prf().prfPlus(ike.d(), seed, 2 * (e + a));
        var cutter = new IkeKeys.Cutter(stream);
        try {
            return new ChildKeys(suite, cutter.next(e), cutter.next(a), cutter.next(e), cutter.next(a));
        } finally {
            Arrays.fill(stream, (byte) 0);
        }
    }

    /** The cipher for what the exchange's initiator sends. */
    PacketCipher fromInitiator(RandomSource ivs) {
        return suite.cipher(encryptionI, integrityI, ivs);
    }

    /** The cipher for what the exchange's responder sends. */
    PacketCipher fromResponder(RandomSource ivs) {
        return suite.cipher(encryptionR, integrityR, ivs);
    }

    /** Wipes every key. The ciphers made from them have copies of their own. */
    void destroy() {
        for (Secret key : new Secret[] {encryptionI, integrityI, encryptionR, integrityR}) {
            key.destroy();
        }
    }

    @Override
    public String toString() {
        return "ChildKeys[" + suite + "]";
    }

    /**
     * Makes the Child SA of these keys, and wipes them.
     *
     * @param weInitiated whether this side began the exchange
     */
    ChildSa toChildSa(boolean weInitiated, ChildTerms terms, RandomSource ivs) {
        var child = new ChildSa(
                terms.algorithms(),
                new InboundSa(
                        terms.ourSpi(),
                        weInitiated ? fromResponder(ivs) : fromInitiator(ivs),
                        ReplayWindow.DEFAULT_SIZE,
                        terms.algorithms().extended()),
                new OutboundSa(
                        terms.peerSpi(),
                        weInitiated ? fromInitiator(ivs) : fromResponder(ivs),
                        terms.algorithms().extended()),
                terms.local(),
                terms.remote());
        destroy();
        return child;
    }
}
