package jkipsec.eap;

import jkipsec.bytes.Secret;

/** What an {@link EapClient} wants next. */
public sealed interface ClientStep {
    /**
     * Send a response, and hand in what the server sends next.
     *
     * @param packet an EAP packet
     */
    record Send(byte[] packet) implements ClientStep {}

    /**
     * Both sides have proved to know the password.
     *
     * @param msk the master session key of 64 octets, for {@code prf(msk, "Key Pad for IKEv2")}; the receiver's to wipe
     */
    record Succeeded(Secret msk) implements ClientStep {}

    /**
     * The login failed; nothing is to be sent.
     *
     * @param why what the server said, or what is wrong with it
     */
    record Failed(String why) implements ClientStep {}
}
