package jkipsec.ike;

import java.util.Objects;
import jkipsec.bytes.Secret;
import jkipsec.eap.NtHash;

/** How an initiator proves who it is, and has the gateway prove who that is. */
public sealed interface Login {
    /**
     * What certificates are used for it.
     *
     * @return nothing with a pre-shared key
     */
    default CertificateConfig certificates() {
        return CertificateConfig.none();
    }

    /**
     * By a pre-shared key, on both sides (RFC 7296 §2.15).
     *
     * @param authKey prf(PSK, "Key Pad for IKEv2"); not destroyed by the IKE SA
     */
    record SharedKey(Secret authKey) implements Login {
        /** Checks that it is there. */
        public SharedKey {
            Objects.requireNonNull(authKey, "authKey");
        }
    }

    /**
     * By name and password with EAP-MSCHAPv2, once the gateway has proved itself by certificate (RFC 7296 §2.16).
     *
     * @param userName the user's name, at most 256 octets of UTF-8
     * @param password the hash of the password; not destroyed by the IKE SA
     * @param certificates what the gateway's certificate is verified with
     */
    record Password(String userName, NtHash password, CertificateConfig certificates) implements Login {
        /** Checks that a gateway can be verified. */
        public Password {
            Objects.requireNonNull(userName, "userName");
            Objects.requireNonNull(password, "password");
            requireTrust(certificates);
        }
    }

    /**
     * By certificate, on both sides.
     *
     * @param certificates our credentials, and what the gateway's certificate is verified with
     */
    record Certificate(CertificateConfig certificates) implements Login {
        /** Checks that both are there. */
        public Certificate {
            requireTrust(certificates);
            if (certificates.credentials().isEmpty()) {
                throw new IllegalArgumentException("to log in by certificate, give credentials");
            }
        }
    }

    private static void requireTrust(CertificateConfig certificates) {
        if (certificates.trusted().isEmpty()) {
            throw new IllegalArgumentException("give the authorities that the gateway's certificate may come from");
        }
    }
}
