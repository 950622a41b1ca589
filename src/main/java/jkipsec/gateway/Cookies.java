package jkipsec.gateway;

import java.util.Arrays;
import jkipsec.bytes.ByteWriter;
import jkipsec.bytes.RandomSource;
import jkipsec.bytes.Secret;
import jkipsec.crypto.Prf;
import jkipsec.ike.message.IkeMessage;
import jkipsec.ike.message.NoncePayload;
import jkipsec.ike.message.NotifyPayload;
import jkipsec.ike.message.NotifyType;
import jkipsec.ip.IpAddress;

/**
 * Cookies that prove, with nothing kept, that the sender of an IKE_SA_INIT request gets what is sent to its address
 * (RFC 7296 §2.6):
 *
 * <pre>
 *   version of the secret (1 octet) | HMAC-SHA-256 under that secret of Ni | IPi | SPIi (32 octets)
 * </pre>
 *
 * <p>SA and KE are left out, so that a cookie also serves the request that follows INVALID_KE_PAYLOAD (§2.6.1); so is
 * the port, which a NAT may change. The secret changes every {@value #LIFETIME_SECONDS} s, and the one before it still
 * counts for as long again. Confined to the gateway's thread.
 */
final class Cookies {
    /** How long cookies are made with one secret. */
    static final int LIFETIME_SECONDS = 120;

    private static final long LIFETIME = LIFETIME_SECONDS * 1_000_000_000L;
    private static final Prf PRF = Prf.HMAC_SHA2_256;
    private static final int LENGTH = 1 + PRF.outputLength();

    private record Generation(int version, Secret secret) {}

    private final RandomSource random;
    private Generation present;
    private Generation before;
    private long since;

    Cookies(RandomSource random) {
        this.random = random;
    }

    /** The cookie that a sender is to repeat, made for a request that has a nonce. */
    byte[] make(IkeMessage request, IpAddress source, long now) {
        rotate(now);
        return make(present, request, source);
    }

    /** Whether a request begins with a cookie made, not too long ago, for what it is and where it comes from. */
    boolean accepts(IkeMessage request, IpAddress source, long now) {
        rotate(now);
        if (request.first(NoncePayload.class).isEmpty()
                || !(request.payloads().get(0) instanceof NotifyPayload first)
                || first.type() != NotifyType.COOKIE) {
            return false;
        }
        byte[] cookie = first.data();
        if (cookie.length != LENGTH) {
            return false;
        }
        Generation named = (cookie[0] & 0xff) == present.version ? present : before;
        // A secret that is no more matches nothing; comparing under it would say so too, in one more HMAC.
        return named != null && Secret.owning(make(named, request, source)).matches(cookie);
    }

    private static byte[] make(Generation generation, IkeMessage request, IpAddress source) {
        byte[] nonce = request.first(NoncePayload.class).orElseThrow().nonce();
        // The nonce has no fixed length; what follows it has, within a family, and so no two inputs run together alike.
        byte[] fixed = new ByteWriter().bytes(source.toByteArray()).i64(request.header().initiatorSpi()).toByteArray();
        byte[] mac = PRF.apply(generation.secret, nonce, fixed, new byte[] {(byte) source.bitLength()});
        return new ByteWriter(LENGTH).u8(generation.version).bytes(mac).toByteArray();
    }

    /** Secrets are replaced when they are next needed, so a gateway at rest has no timer for them. */
    private void rotate(long now) {
        if (present != null && now - since < LIFETIME) {
            return;
        }
        if (before != null) {
            before.secret.destroy();
        }
        before = present;
        if (before != null && now - since >= 2 * LIFETIME) {
            before.secret.destroy();
            before = null;
        }
        byte[] octets = random.bytes(PRF.keyLength());
        int version = present == null ? 0 : present.version + 1 & 0xff;
        present = new Generation(version, Secret.copyOf(octets));
        Arrays.fill(octets, (byte) 0);
        since = now;
    }
}
