package jkipsec.ike;

import java.util.Objects;
import jkipsec.bytes.RandomSource;

/**
 * What every IKE SA of an endpoint shares.
 *
 * @param policy what is accepted
 * @param identity who we are: IDr as responder, IDi as initiator
 * @param random the source of SPIs, nonces and keys; used by {@link Work} too, so thread-safe if that runs elsewhere
 * @param host who runs the IKE SAs
 * @param certificates what is done with certificates as responder
 * @param ppk what is done with post-quantum pre-shared keys as responder
 */
public record IkeSettings(
        IkePolicy policy,
        Identification identity,
        RandomSource random,
        IkeHost host,
        CertificateConfig certificates,
        PpkPolicy ppk) {
    /** Checks that all is there. */
    public IkeSettings {
        Objects.requireNonNull(policy, "policy");
        Objects.requireNonNull(identity, "identity");
        Objects.requireNonNull(random, "random");
        Objects.requireNonNull(host, "host");
        Objects.requireNonNull(certificates, "certificates");
        Objects.requireNonNull(ppk, "ppk");
    }
}
