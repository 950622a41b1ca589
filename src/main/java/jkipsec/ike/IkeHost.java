package jkipsec.ike;

import java.util.Optional;
import jkipsec.ip.Endpoint;

/**
 * What an IKE SA asks of whoever runs it. All calls come from within a call to the IKE SA, on its thread, and must not
 * call back into it.
 */
public interface IkeHost {
    /**
     * Sends an IKE message.
     *
     * @param path from which socket to which peer; on a {@link PortRole#NAT_T} socket the host puts the non-ESP marker
     *     in front
     * @param message the message, from the IKE header on; not to be changed
     */
    void transmit(Path path, byte[] message);

    /**
     * Has a computation done elsewhere.
     *
     * @param work to be run on any thread, then finished on this one
     */
    void offload(Work work);

    /**
     * Asks the application whether a device may come in.
     *
     * @param request who asks; answered with {@link IkeSa#decided}
     */
    void authenticate(AuthRequest request);

    /**
     * Assigns an inner address to a device that has proved who it is. It is the device's until {@link #ended}.
     *
     * @param sa the device's IKE SA
     * @return the addresses, or nothing when none is free
     */
    Optional<InnerAddresses> lease(IkeSa sa);

    /**
     * Where one of our sockets can be reached from outside, as far as that is known: for NAT detection.
     *
     * @param socket the socket's number
     * @return our public address and port, or nothing when it is not known
     */
    Optional<Endpoint> localEndpoint(int socket);

    /**
     * Reserves an SPI for an inbound ESP SA.
     *
     * @return a number above 255 that no other inbound SA of this endpoint has
     */
    int newInboundSpi();

    /**
     * Both sides have proved who they are and the first Child SA is there.
     *
     * @param sa the IKE SA
     * @param child its Child SA
     * @param addresses the addresses inside
     */
    void established(IkeSa sa, ChildSa child, InnerAddresses addresses);

    /**
     * The IKE SA and all beneath it are of no more use. It may still answer a repeated request or await the answer to
     * its own DELETE until {@link #released}.
     *
     * @param sa the IKE SA
     * @param cause why
     */
    void ended(IkeSa sa, TerminationCause cause);

    /**
     * The IKE SA can be forgotten.
     *
     * @param sa the IKE SA
     */
    void released(IkeSa sa);

    /**
     * A message was dropped.
     *
     * @param reason why
     */
    void dropped(IkeDrop reason);
}
