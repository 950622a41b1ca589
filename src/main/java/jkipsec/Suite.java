package jkipsec;

import java.util.Arrays;
import jkipsec.crypto.CipherSuite;

/** Which algorithms protect a tunnel: its IKE messages and its ESP packets alike. The prf is HMAC-SHA-256 in each. */
public enum Suite {
    /** AES-GCM with a 256-bit key and a 16-octet ICV (RFC 4106, RFC 5282). */
    AES_256_GCM(CipherSuite.AES_GCM_16_256),
    /** AES-CBC with a 256-bit key (RFC 3602) and HMAC-SHA-256 cut to 128 bits (RFC 4868). */
    AES_256_CBC_SHA256(CipherSuite.AES_CBC_256_HMAC_SHA2_256_128);

    private final CipherSuite cipherSuite;

    Suite(CipherSuite cipherSuite) {
        this.cipherSuite = cipherSuite;
    }

    CipherSuite cipherSuite() {
        return cipherSuite;
    }

    static Suite of(CipherSuite cipherSuite) {
        return Arrays.stream(values())
                .filter(suite -> suite.cipherSuite.equals(cipherSuite))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no Suite stands for " + cipherSuite));
    }
}
