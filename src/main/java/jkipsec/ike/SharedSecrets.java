package jkipsec.ike;

import java.util.ArrayList;
import java.util.List;
import jkipsec.bytes.Secret;

/**
 * The secrets of the key exchanges that a new SA is made with, in their order: the first one's, and those of the
 * additional ones (RFC 9370 §2.2.4). Whoever holds them closes them, which wipes them.
 *
 * <p>Confined to the thread that owns the IKE SA.
 */
final class SharedSecrets implements AutoCloseable {
    private final List<Secret> secrets = new ArrayList<>();

    /** Takes over the secret of the first key exchange. */
    SharedSecrets(Secret first) {
        secrets.add(first);
    }

    /** Takes over the secret of the next one. */
    void add(Secret additional) {
        secrets.add(additional);
    }

    /** What keys are derived from: SK(0) | Ni | Nr | SK(1) | … | SK(n), part by part. */
    byte[][] around(byte[] nonces) {
        var parts = new ArrayList<byte[]>();
        secrets.forEach(secret -> parts.add(secret.expose()));
        parts.add(1, nonces);
        return parts.toArray(byte[][]::new);
    }

    @Override
    public void close() {
        secrets.forEach(Secret::destroy);
    }
}
