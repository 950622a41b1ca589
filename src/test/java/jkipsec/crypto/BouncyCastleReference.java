package jkipsec.crypto;

import java.util.Arrays;
import org.bouncycastle.crypto.InvalidCipherTextException;
import org.bouncycastle.crypto.digests.SHA256Digest;
import org.bouncycastle.crypto.engines.AESEngine;
import org.bouncycastle.crypto.macs.HMac;
import org.bouncycastle.crypto.modes.CBCBlockCipher;
import org.bouncycastle.crypto.modes.GCMBlockCipher;
import org.bouncycastle.crypto.params.AEADParameters;
import org.bouncycastle.crypto.params.KeyParameter;
import org.bouncycastle.crypto.params.ParametersWithIV;

/** The same algorithms by an implementation that shares nothing with the JDK's. */
final class BouncyCastleReference {
    private BouncyCastleReference() {}

    static byte[] hmacSha256(byte[] key, byte[]... data) {
        var mac = new HMac(new SHA256Digest());
        mac.init(new KeyParameter(key));
        for (byte[] part : data) {
            mac.update(part, 0, part.length);
        }
        byte[] output = new byte[32];
        mac.doFinal(output, 0);
        return output;
    }

    /** The ciphertext with the ICV of 16 octets behind it. */
    static byte[] gcm(byte[] key, byte[] nonce, byte[] aad, byte[] plaintext) {
        var gcm = GCMBlockCipher.newInstance(AESEngine.newInstance());
        gcm.init(true, new AEADParameters(new KeyParameter(key), 128, nonce, aad));
        byte[] output = new byte[gcm.getOutputSize(plaintext.length)];
        int length = gcm.processBytes(plaintext, 0, plaintext.length, output, 0);
        try {
            gcm.doFinal(output, length);
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

    /** prf+ with HMAC-SHA-256, written after the formula of RFC 7296 §2.13. */
    static byte[] prfPlus(byte[] key, byte[] seed, int length) {
        byte[] output = new byte[0];
        byte[] previous = new byte[0];
        for (int n = 1; output.length < length; n++) {
            previous = hmacSha256(key, previous, seed, new byte[] {(byte) n});
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
