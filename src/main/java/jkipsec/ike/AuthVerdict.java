package jkipsec.ike;

import jkipsec.bytes.Secret;
import jkipsec.eap.NtHash;

/** What the application decided about a device that wants in. */
public sealed interface AuthVerdict {
    /**
     * The device may come in if its AUTH payload proves that it has this key; the state machine verifies that itself.
     *
     * @param authKey 32 octets, prf(PSK, "Key Pad for IKEv2") of RFC 7296 §2.15; not kept, not destroyed
     */
    record Approved(Secret authKey) implements AuthVerdict {}

    /**
     * The user may come in if the proof was made with this password; the state machine verifies that itself.
     *
     * @param password the hash of the user's password; not kept, not destroyed
     */
    record PasswordApproved(NtHash password) implements AuthVerdict {}

    /** The device whose certificate was verified may come in. */
    record CertificateApproved() implements AuthVerdict {}

    /**
     * The device may not come in.
     *
     * @param why for the log of this side; the device is told AUTHENTICATION_FAILED and nothing else
     */
    record Rejected(String why) implements AuthVerdict {}
}
