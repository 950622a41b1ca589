package jkipsec.crypto;

import java.util.Arrays;
import java.util.Collection;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import jkipsec.bytes.ByteReader;
import jkipsec.bytes.ByteWriter;
import jkipsec.bytes.MalformedMessage;

/**
 * The hash functions of signatures that two peers tell each other about in SIGNATURE_HASH_ALGORITHMS notifications (RFC
 * 7427 §4). SHA-1 is not among them, as RFC 8247 §3.2 demands.
 */
public enum SignatureHash {
    /** SHA-256. */
    SHA2_256(2, "SHA-256", 32),

    /** SHA-384. */
    SHA2_384(3, "SHA-384", 48),

    /** SHA-512. */
    SHA2_512(4, "SHA-512", 64),

    /** None: the signature takes the message as it is, as Ed25519 does (RFC 8420 §2). */
    IDENTITY(5, "", 0);

    private final int id;
    private final String digestName;
    private final int length;

    SignatureHash(int id, String digestName, int length) {
        this.id = id;
        this.digestName = digestName;
        this.length = length;
    }

    /**
     * Finds a function by its number.
     *
     * @param id an IKEv2 hash algorithm identifier
     * @return the function, or empty when it is not supported
     */
    public static Optional<SignatureHash> of(int id) {
        return Arrays.stream(values()).filter(hash -> hash.id == id).findFirst();
    }

    /**
     * Reads a peer's notification.
     *
     * @param data the data of a SIGNATURE_HASH_ALGORITHMS notification: two octets a function
     * @return the functions both sides have, perhaps none
     * @throws MalformedMessage when an octet is left over
     */
    public static Set<SignatureHash> parse(byte[] data) throws MalformedMessage {
        var in = new ByteReader(data, "RFC 7427 §4");
        Set<SignatureHash> hashes = EnumSet.noneOf(SignatureHash.class);
        while (in.hasRemaining()) {
            of(in.u16("hash algorithm")).ifPresent(hashes::add);
        }
        return hashes;
    }

    /**
     * Writes a notification's data.
     *
     * @param hashes the functions to name
     * @return two octets a function, in the order given
     */
    public static byte[] write(Collection<SignatureHash> hashes) {
        var out = new ByteWriter(2 * hashes.size());
        hashes.forEach(hash -> out.u16(hash.id));
        return out.toByteArray();
    }

    /**
     * The IANA number.
     *
     * @return an IKEv2 hash algorithm identifier
     */
    public int id() {
        return id;
    }

    /** The Java platform's name of it, empty for {@link #IDENTITY}. */
    String digestName() {
        return digestName;
    }

    /** Octets of a hash, 0 for {@link #IDENTITY}. */
    int length() {
        return length;
    }
}
