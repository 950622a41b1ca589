package jkipsec.ike;

import java.util.Random;
import jkipsec.bytes.ByteReader;
import jkipsec.bytes.Secret;
import jkipsec.crypto.CipherSuite;
import jkipsec.crypto.Prf;
import jkipsec.ike.Reassembly.Fragment;
import jkipsec.ike.message.EncryptedFragmentPayload;
import jkipsec.ike.message.ExchangeType;
import jkipsec.ike.message.IkeHeader;
import jkipsec.ike.message.IkeMessage;

/** Two ends of one IKE SA's protection, and fragments between them. */
final class SealedFragments {
    static final IkeHeader HEADER = new IkeHeader(1, 2, ExchangeType.IKE_AUTH, true, false, 1);

    final SkProtection initiator;
    final SkProtection responder;

    SealedFragments(CipherSuite suite) {
        initiator = SkProtection.of(keys(suite), true, new Random(1)::nextBytes);
        responder = SkProtection.of(keys(suite), false, new Random(2)::nextBytes);
    }

    private static IkeKeys keys(CipherSuite suite) {
        var random = new Random(3);
        int integrity = suite.integrityKeyLength();
        int encryption = suite.encryptionKeyLength();
        int prf = Prf.HMAC_SHA2_256.keyLength();
        return new IkeKeys(Prf.HMAC_SHA2_256, suite, secret(random, prf), secret(random, integrity),
                secret(random, integrity), secret(random, encryption), secret(random, encryption), secret(random, prf),
                secret(random, prf));
    }

    private static Secret secret(Random random, int length) {
        byte[] octets = new byte[length];
        random.nextBytes(octets);
        return Secret.owning(octets);
    }

    /** A received message's fragment. */
    static Fragment parse(byte[] message) throws Exception {
        IkeMessage parsed = IkeMessage.parse(message);
        return new Fragment(parsed.header(), parsed.first(EncryptedFragmentPayload.class).orElseThrow(), message);
    }

    /** What the responder finds in a fragment. */
    ByteReader open(Fragment fragment) throws Exception {
        return responder.open(fragment.message(), fragment.sealedLength()).orElseThrow();
    }
}
