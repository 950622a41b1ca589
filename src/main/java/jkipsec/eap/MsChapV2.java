package jkipsec.eap;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import javax.crypto.Cipher;
import javax.crypto.spec.SecretKeySpec;
import jkipsec.bytes.Secret;

/**
 * The functions of MS-CHAPv2 (RFC 2759 §8) and the keys it gives (RFC 3079 §3), under the names of those RFCs.
 *
 * <p>A proof is made over a challenge of eight octets, in which both sides' challenges and the user name are hashed
 * together; the server's proof is made over the client's.
 */
final class MsChapV2 {
    /** Octets of each side's challenge. */
    static final int CHALLENGE_LENGTH = 16;

    /** Octets of the client's proof. */
    static final int NT_RESPONSE_LENGTH = 24;

    /** Octets of the server's proof, before it is written as hexadecimal digits. */
    static final int AUTHENTICATOR_RESPONSE_LENGTH = 20;

    /** Octets of the master session key: two keys of 16 and zeros behind them. */
    static final int MSK_LENGTH = 64;

    private static final int DES_KEYS = 3;
    private static final int KEY_LENGTH = 16;

    /** RFC 2759 §8.7. */
    private static final byte[] TO_CLIENT = ascii("Magic server to client signing constant");
    private static final byte[] MORE_ITERATIONS = ascii("Pad to make it do more than one iteration");

    /** RFC 3079 §3.4. */
    private static final byte[] MASTER_KEY = ascii("This is the MPPE Master Key");
    private static final byte[] CLIENT_SENDS = ascii(
            "On the client side, this is the send key; on the server side, it is the receive key.");
    private static final byte[] SERVER_SENDS = ascii(
            "On the client side, this is the receive key; on the server side, it is the send key.");

    private MsChapV2() {}

    /** What precedes a backslash is a Windows domain, which takes no part in the hash (RFC 2759 §4). */
    static String withoutDomain(String userName) {
        return userName.substring(userName.lastIndexOf('\\') + 1);
    }

    /** ChallengeHash, RFC 2759 §8.2. */
    static byte[] challengeHash(byte[] peerChallenge, byte[] authenticatorChallenge, String userName) {
        byte[] name = Text.encode("the user name", withoutDomain(userName));
        return Arrays.copyOf(sha1(peerChallenge, authenticatorChallenge, name), 8);
    }

    /** ChallengeResponse, RFC 2759 §8.5: the challenge under three DES keys cut out of the password's hash. */
    static byte[] ntResponse(NtHash password, byte[] challengeHash) {
        byte[] padded = Arrays.copyOf(password.expose(), DES_KEYS * 7);
        byte[] response = new byte[NT_RESPONSE_LENGTH];
        for (int i = 0; i < DES_KEYS; i++) {
            System.arraycopy(des(padded, 7 * i, challengeHash), 0, response, 8 * i, 8);
        }
        Arrays.fill(padded, (byte) 0);
        return response;
    }

    /** GenerateAuthenticatorResponse, RFC 2759 §8.7, as octets. */
    static byte[] authenticatorResponse(NtHash password, byte[] ntResponse, byte[] challengeHash) {
        try (Secret hashHash = password.hashed()) {
            byte[] digest = sha1(hashHash.expose(), ntResponse, TO_CLIENT);
            return sha1(digest, challengeHash, MORE_ITERATIONS);
        }
    }

    /** The master session key: the server's receive key, its send key (RFC 3079 §3.4), then 32 zeros. */
    static Secret msk(NtHash password, byte[] ntResponse) {
        try (Secret hashHash = password.hashed()) {
            byte[] master = Arrays.copyOf(sha1(hashHash.expose(), ntResponse, MASTER_KEY), KEY_LENGTH);
            byte[] msk = new byte[MSK_LENGTH];
            startKey(master, CLIENT_SENDS, msk, 0);
            startKey(master, SERVER_SENDS, msk, KEY_LENGTH);
            Arrays.fill(master, (byte) 0);
            return Secret.owning(msk);
        }
    }

    /** GetAsymmetricStartKey, RFC 3079 §3.4. */
    private static void startKey(byte[] masterKey, byte[] direction, byte[] to, int offset) {
        byte[] pad1 = new byte[40];
        byte[] pad2 = new byte[40];
        Arrays.fill(pad2, (byte) 0xf2);
        byte[] key = sha1(masterKey, pad1, direction, pad2);
        System.arraycopy(key, 0, to, offset, KEY_LENGTH);
        Arrays.fill(key, (byte) 0);
    }

    /** DesEncrypt, RFC 2759 §8.6: each octet of the key takes seven bits, and its lowest bit is not looked at. */
    private static byte[] des(byte[] keys, int offset, byte[] block) {
        long bits = 0;
        for (int i = 0; i < 7; i++) {
            bits = bits << 8 | keys[offset + i] & 0xff;
        }
        byte[] key = new byte[8];
        for (int i = 0; i < 8; i++) {
            key[i] = (byte) (bits >>> 49 - 7 * i << 1);
        }
        try {
            Cipher cipher = Cipher.getInstance("DES/ECB/NoPadding");
            cipher.init(Cipher.ENCRYPT_MODE, new SecretKeySpec(key, "DES"));
            return cipher.doFinal(block);
        } catch (GeneralSecurityException e) {
            throw lacks("DES", e);
        } finally {
            Arrays.fill(key, (byte) 0);
        }
    }

    private static byte[] sha1(byte[]... parts) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-1");
            for (byte[] part : parts) {
                digest.update(part);
            }
            return digest.digest();
        } catch (NoSuchAlgorithmException e) {
            throw lacks("SHA-1", e);
        }
    }

    private static IllegalStateException lacks(String algorithm, GeneralSecurityException cause) {
        return new IllegalStateException(algorithm + " does not work here, and MS-CHAPv2 is made of it: look at the "
                + "security providers in the java.security file", cause);
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
