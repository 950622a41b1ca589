package jkipsec.ike;

import java.security.cert.X509Certificate;
import jkipsec.bytes.Secret;
import jkipsec.crypto.Prf;
import jkipsec.eap.MsChapV2Login;
import jkipsec.ike.message.AuthPayload;

/** How a device proves who it is. Immutable, so that the application may look at it on any thread. */
public sealed interface AuthProof {
    /** By a pre-shared key: its AUTH payload, to be compared with what a key makes (RFC 7296 §2.15). */
    final class SharedKey implements AuthProof {
        private final Prf prf;
        private final byte[] signedOctets;
        private final AuthPayload auth;

        SharedKey(Prf prf, byte[] signedOctets, AuthPayload auth) {
            this.prf = prf;
            this.signedOctets = signedOctets;
            this.auth = auth;
        }

        /**
         * Whether it was made with a key, compared in constant time.
         *
         * @param authKey prf(PSK, "Key Pad for IKEv2")
         * @return true when the device has that key
         */
        public boolean matches(Secret authKey) {
            return PskAuth.verify(prf, authKey, signedOctets, auth);
        }

        /** Says nothing of it. */
        @Override
        public String toString() {
            return "SharedKey";
        }
    }

    /**
     * By the password of a user, with EAP-MSCHAPv2.
     *
     * @param login the user, and the proof to be compared with a password
     */
    record Password(MsChapV2Login login) implements AuthProof {}

    /**
     * By certificate. The proof is done: the certificate is trusted, it names the device as the device names itself,
     * and the device has its private key. Left to decide is whether this device may come in.
     *
     * @param certificate the device's certificate
     */
    record Certificate(X509Certificate certificate) implements AuthProof {
        /** Says whose certificate it is. */
        @Override
        public String toString() {
            return "Certificate[" + certificate.getSubjectX500Principal() + "]";
        }
    }
}
