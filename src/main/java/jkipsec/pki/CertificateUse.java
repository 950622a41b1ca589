package jkipsec.pki;

/** What a peer's certificate must be made for, where it says what it is made for (RFC 5280 §4.2.1.12). */
public enum CertificateUse {
    /** Proving that the peer is a gateway: serverAuth. */
    GATEWAY("1.3.6.1.5.5.7.3.1"),

    /** Proving that the peer is a device or a user: clientAuth. */
    DEVICE("1.3.6.1.5.5.7.3.2");

    private final String purpose;

    CertificateUse(String purpose) {
        this.purpose = purpose;
    }

    /** The object identifier of the extended key usage. */
    String purpose() {
        return purpose;
    }
}
