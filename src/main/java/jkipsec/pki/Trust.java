package jkipsec.pki;

import java.security.PublicKey;
import java.security.cert.X509Certificate;

/** Whether a peer's certificate is to be believed. */
public sealed interface Trust {
    /**
     * It is: the names it gives belong to whoever has its private key.
     *
     * @param certificate the peer's certificate
     */
    record Trusted(X509Certificate certificate) implements Trust {
        /**
         * The key that verifies the peer's AUTH payload.
         *
         * @return the certificate's public key
         */
        public PublicKey key() {
            return certificate.getPublicKey();
        }
    }

    /**
     * It is not.
     *
     * @param why for the log of this side; holds nothing that the peer wrote
     */
    record Distrusted(String why) implements Trust {}
}
