package jkipsec.ike;

import java.util.List;
import java.util.Optional;
import jkipsec.ip.Endpoint;
import jkipsec.ip.IpAddress;

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
     * Sends a NAT keepalive, a single octet 0xFF (RFC 3948 §2.3).
     *
     * @param path from which NAT-T socket to which peer
     */
    void keepalive(Path path);

    /**
     * Sends any packet over the Child SA that sends, so that the peer sees where this side is now.
     *
     * @param sa the IKE SA
     */
    void showAddress(IkeSa sa);

    /**
     * Has a computation done elsewhere.
     *
     * @param work to be run on any thread, then finished on this one
     */
    void offload(Work work);

    /**
     * Asks the application whether a device may come in.
     *
     * @param request who asks; answered with {@link IkeSa#decided}, at once or when others were answered
     */
    void authenticate(AuthRequest request);

    /**
     * No decision about a device is needed any more: its time is over, or its handshake.
     *
     * @param request who asked
     * @return whether the application was asked already; false when the request only waited for its turn, or is answered
     */
    boolean abandon(AuthRequest request);

    /**
     * Asks whether a device is to go to another gateway (RFC 5685). Answered at once.
     *
     * @param query who wants in, and follows a redirect
     * @return where to, or nothing when it may stay
     */
    Optional<RedirectTarget> redirect(RedirectQuery query);

    /**
     * Assigns inner addresses to a device that has proved who it is. They are the device's until {@link #ended}.
     *
     * @param sa the device's IKE SA
     * @param families of which families it asks for addresses
     * @return the addresses, of one family where the other has none free; nothing when neither has
     */
    Optional<InnerAddresses> lease(IkeSa sa, InnerFamilies families);

    /**
     * Where one of our sockets can be reached from outside, as far as that is known: for NAT detection.
     *
     * @param socket the socket's number
     * @return our public address and port, or nothing when it is not known
     */
    Optional<Endpoint> localEndpoint(int socket);

    /**
     * At which other addresses, with the same ports, this endpoint can be reached from outside (RFC 4555 §3.4).
     *
     * @return the addresses, perhaps none
     */
    List<IpAddress> additionalAddresses();

    /**
     * Reserves an SPI for an inbound ESP SA.
     *
     * @return a number above 255 that no other inbound SA of this endpoint has
     */
    int newInboundSpi();

    /**
     * Reserves an SPI for an IKE SA.
     *
     * @return a number other than 0 that no other IKE SA of this endpoint has
     */
    long newIkeSpi();

    /**
     * Both sides have proved who they are. The Child SA follows by {@link #childAdded} and {@link #childSends}.
     *
     * @param sa the IKE SA
     * @param addresses the addresses inside
     */
    void established(IkeSa sa, InnerAddresses addresses);

    /**
     * The first Child SA is there, so traffic may flow.
     *
     * @param sa the IKE SA
     */
    void ready(IkeSa sa);

    /**
     * A Child SA receives from now on.
     *
     * @param sa the IKE SA above it
     * @param child the Child SA
     */
    void childAdded(IkeSa sa, ChildSa child);

    /**
     * A Child SA sends from now on, in place of any other.
     *
     * @param sa the IKE SA above it
     * @param child the Child SA; its outbound half is the sender's from now on
     */
    void childSends(IkeSa sa, ChildSa child);

    /**
     * A Child SA receives no more.
     *
     * @param sa the IKE SA above it
     * @param child the Child SA
     */
    void childRemoved(IkeSa sa, ChildSa child);

    /**
     * A new IKE SA was made by rekeying another, and gets messages from now on.
     *
     * @param sa the new IKE SA
     */
    void added(IkeSa sa);

    /**
     * The peer is reached over another path from now on, ESP included.
     *
     * @param sa the IKE SA
     * @param path the path
     */
    void moved(IkeSa sa, Path path);

    /**
     * The next deadline of an IKE SA moved, though it was another one that was called.
     *
     * @param sa the IKE SA whose deadline to look at again
     */
    void rescheduled(IkeSa sa);

    /**
     * An IKE SA was replaced: another one governs the Child SAs from now on.
     *
     * @param old the IKE SA that did
     * @param next the IKE SA that does
     */
    void replaced(IkeSa old, IkeSa next);

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
