package jkipsec.crypto;

import java.util.Arrays;
import org.bouncycastle.crypto.Digest;
import org.bouncycastle.crypto.InvalidCipherTextException;
import org.bouncycastle.crypto.digests.SHA256Digest;
import org.bouncycastle.crypto.digests.SHA384Digest;
import org.bouncycastle.crypto.digests.SHA512Digest;
import org.bouncycastle.crypto.engines.AESEngine;
import org.bouncycastle.crypto.macs.HMac;
import org.bouncycastle.crypto.modes.AEADCipher;
import org.bouncycastle.crypto.modes.CBCBlockCipher;
import org.bouncycastle.crypto.modes.ChaCha20Poly1305;
import org.bouncycastle.crypto.modes.GCMBlockCipher;
import org.bouncycastle.crypto.params.AEADParameters;
import org.bouncycastle.crypto.params.KeyParameter;
import org.bouncycastle.crypto.params.ParametersWithIV;

/** The same algorithms by an implementation that shares nothing with the JDK's. */
final class BouncyCastleReference {
    private BouncyCastleReference() {}

    static byte[] hmac(Prf prf, byte[] key, byte[]... data) {
        Digest digest = switch (prf) {
            case HMAC_SHA2_256 -> new SHA256Digest();
            case HMAC_SHA2_384 -> new SHA384Digest();
            case HMAC_SHA2_512 -> new SHA512Digest();
        };
        var mac = new HMac(digest);
        mac.init(new KeyParameter(key));
        for (byte[] part : data) {
            mac.update(part, 0, part.length);
        }
        byte[] output = new byte[mac.getMacSize()];
        mac.doFinal(output, 0);
        return output;
    }

    /** What is sent of the MAC. */
    static byte[] icv(IntegrityAlgorithm integrity, byte[] key, byte[]... data) {
        return switch (integrity) {
            case NONE -> new byte[0];
            case HMAC_SHA2_256_128 -> Arrays.copyOf(hmac(Prf.HMAC_SHA2_256, key, data), 16);
            case HMAC_SHA2_384_192 -> Arrays.copyOf(hmac(Prf.HMAC_SHA2_384, key, data), 24);
            case HMAC_SHA2_512_256 -> Arrays.copyOf(hmac(Prf.HMAC_SHA2_512, key, data), 32);
        };
    }

    /** The ciphertext with the ICV of 16 octets behind it. */
    static byte[] aead(AeadMode mode, byte[] key, byte[] nonce, byte[] aad, byte[] plaintext) {
        AEADCipher aead = switch (mode) {
            case AES_GCM -> GCMBlockCipher.newInstance(AESEngine.newInstance());
            case CHACHA20_POLY1305 -> new ChaCha20Poly1305();
        };
        aead.init(true, new AEADParameters(new KeyParameter(key), 128, nonce, aad));
        byte[] output = new byte[aead.getOutputSize(plaintext.length)];
        int length = aead.processBytes(plaintext, 0, plaintext.length, output, 0);
        try {
            aead.doFinal(output, length);
        } catch (InvalidCipherTextException e) {
            throw new AssertionError(e);
        }
        return output;
    }

    static byte[] cbc(byte[] key, byte[] iv, byte[] plaintext) {
        var cbc = CBCBlockCipher.newInstance(AESEngine.newInstance());
        cbc.init(true, new ParametersWithIV(new KeyParameter(key), iv));
        byte[] output = new byte[plaintext.length];
        for (int block = 0; block < plaintext.length; block += 16) {
            cbc.processBlock(plaintext, block, output, block);
        }
        return output;
    }

    /** prf+, written after the formula of RFC 7296 §2.13. */
    static byte[] prfPlus(Prf prf, byte[] key, byte[] seed, int length) {
        byte[] output = new byte[0];
        byte[] previous = new byte[0];
        for (int n = 1; output.length < length; n++) {
            previous = hmac(prf, key, previous, seed, new byte[] {(byte) n});
            output = concat(output, previous);
        }
        return Arrays.copyOf(output, length);
    }

    static byte[] concat(byte[]... parts) {
        byte[] whole = new byte[Arrays.stream(parts).mapToInt(part -> part.length).sum()];
        int at = 0;
        for (byte[] part : parts) {
            System.arraycopy(part, 0, whole, at, part.length);
            at += part.length;
        }
        return whole;
    }
}
