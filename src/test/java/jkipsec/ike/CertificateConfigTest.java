package jkipsec.ike;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.InstantSource;
import java.util.Optional;
import java.util.Set;
import jkipsec.crypto.SignatureHash;
import jkipsec.crypto.SignaturePolicy;
import org.junit.jupiter.api.Test;

/** RSA with SHA-1, authentication method 1, is for those who have nothing else. */
class CertificateConfigTest {
    private static CertificateConfig with(boolean sha1) {
        return new CertificateConfig(Optional.empty(), Optional.empty(),
                SignaturePolicy.DEFAULT.withRsaSha1(sha1), InstantSource.system());
    }

    @Test
    void sha1IsForPeersThatDoNotSayWhichHashesTheyHave() {
        assertTrue(with(true).forPeer(Set.of()).signatures().rsaSha1());
        assertFalse(with(true).forPeer(Set.of(SignatureHash.SHA2_256)).signatures().rsaSha1());
    }

    @Test
    void itIsForNobodyUnlessPolicyAllowsIt() {
        assertFalse(with(false).forPeer(Set.of()).signatures().rsaSha1());
        assertFalse(CertificateConfig.none().signatures().rsaSha1());
    }
}
