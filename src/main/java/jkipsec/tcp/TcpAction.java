package jkipsec.tcp;

import jkipsec.bytes.PacketBuffer;

/**
 * What a {@link TcpStack} wants done or tells, in the order it happened.
 *
 * <p>Actions are handed out at the end of the call that caused them, when the stack is consistent again. The receiver
 * may call any method of the stack, its connections and listeners from there; actions caused by that come afterwards.
 */
public sealed interface TcpAction {
    /**
     * Send a packet.
     *
     * @param packet a whole inner IP packet, with the room around it that {@link PacketBuffer#allocate} leaves; the
     *     receiver owns it
     */
    record Transmit(PacketBuffer packet) implements TcpAction {}

    /**
     * A connection made by {@link TcpStack#connect} or {@link TcpOffer#accept} is established.
     *
     * @param connection which
     */
    record Opened(TcpConnection connection) implements TcpAction {}

    /**
     * The peer wants a connection to an address that is not ours; answer with {@link TcpOffer#accept} or {@link
     * TcpOffer#refuse}, at once or later.
     *
     * @param offer the connection it wants
     */
    record Offered(TcpOffer offer) implements TcpAction {}

    /**
     * A listener has a new established connection; answer with {@link TcpListener#accepted}.
     *
     * @param listener which
     * @param connection the connection
     */
    record Accepted(TcpListener listener, TcpConnection connection) implements TcpAction {}

    /**
     * The next octets of the stream. Use them at once; the stack does not keep them. They take up receive window until
     * {@link TcpConnection#consumed}.
     *
     * @param connection whose
     * @param array where they are; the stack does not use this array again, but others may: copy out
     * @param offset the first octet
     * @param length how many, at least one
     */
    record Deliver(TcpConnection connection, byte[] array, int offset, int length) implements TcpAction {}

    /**
     * The peer acknowledged, or the send buffer grew: there is room again in the send buffer.
     *
     * @param connection whose
     * @param octets how many more fit, at least one
     */
    record SendSpace(TcpConnection connection, int octets) implements TcpAction {}

    /**
     * The peer will send no more; everything it sent was delivered.
     *
     * @param connection whose
     */
    record EndOfStream(TcpConnection connection) implements TcpAction {}

    /**
     * The connections hold nearly all the memory they may, or more was wanted. Report soon by {@link
     * TcpConnection#consumed} what was used, however little, and let {@linkplain TcpConnection#shrinkIdle send buffers}
     * go that nobody needs now. An application that reports as soon as it has used what was delivered need do nothing.
     */
    record MemoryShort() implements TcpAction {}

    /**
     * The connection is over: nothing more will be delivered or sent. The last action for it, given exactly once for
     * every connection that the application has seen.
     *
     * @param connection which
     * @param cause why
     */
    record Closed(TcpConnection connection, TcpEnd cause) implements TcpAction {}
}
