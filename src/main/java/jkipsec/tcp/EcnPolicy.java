package jkipsec.tcp;

/** What to do about explicit congestion notification when a connection is opened (RFC 3168 §6.1.1). */
public enum EcnPolicy {
    /** Neither offer nor accept it. */
    OFF,
    /** Use it when the peer offers it. */
    ACCEPT,
    /** Offer it too. */
    OFFER
}
