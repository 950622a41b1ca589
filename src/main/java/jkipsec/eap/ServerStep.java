package jkipsec.eap;

import jkipsec.bytes.Secret;

/** What an {@link EapServer} wants next. */
public sealed interface ServerStep {
    /**
     * Send a request, and hand in the response to it.
     *
     * @param packet an EAP packet
     */
    record Send(byte[] packet) implements ServerStep {}

    /**
     * Find out whether a user may come in, then call {@link EapServer#verify} or {@link EapServer#refuse}. That may
     * take its time.
     *
     * @param login the user
     */
    record Ask(MsChapV2Login login) implements ServerStep {}

    /**
     * Send the last packet: the user has proved to know the password.
     *
     * @param packet an EAP-Success
     * @param login whose password it is
     * @param msk the master session key of 64 octets, for {@code prf(msk, "Key Pad for IKEv2")}; the receiver's to wipe
     */
    record Succeeded(byte[] packet, MsChapV2Login login, Secret msk) implements ServerStep {}

    /**
     * Send the last packet: the user is refused, or cannot do EAP-MSCHAPv2.
     *
     * @param packet an EAP-Failure
     * @param why for the log of this side
     */
    record Failed(byte[] packet, String why) implements ServerStep {}
}
