package jkipsec.ike;

/** What a UDP socket of this endpoint carries (RFC 3948 §2, RFC 7296 §2.23). */
public enum PortRole {
    /** Port 500: bare IKE messages, no ESP. */
    IKE,
    /** Port 4500: ESP, and IKE messages behind a non-ESP marker of four zero octets. */
    NAT_T
}
