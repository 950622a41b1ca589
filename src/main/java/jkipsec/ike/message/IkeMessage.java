package jkipsec.ike.message;

import java.util.List;
import java.util.Objects;
import java.util.Optional;
import jkipsec.bytes.ByteReader;
import jkipsec.bytes.ByteWriter;
import jkipsec.bytes.MalformedMessage;

/**
 * An IKE message: a header and payloads in order (RFC 7296 §3). Payloads may come in any order and more than once;
 * which of them an exchange needs is for its handler to say.
 *
 * @param header the header
 * @param payloads up to {@value PayloadChain#MAX_PAYLOADS}, an Encrypted one only as the last
 */
public record IkeMessage(IkeHeader header, List<Payload> payloads) {
    private static final String SECTION = "RFC 7296 §3.1";

    /** Checks that it can be written. */
    public IkeMessage {
        Objects.requireNonNull(header, "header");
        payloads = List.copyOf(payloads);
        PayloadChain.check(payloads);
    }

    /**
     * Reads a message.
     *
     * @param array where it is
     * @param offset its first octet, after the non-ESP marker on port 4500
     * @param length its length in octets: all that is left of the datagram
     * @return the message; what is in an Encrypted payload is still closed
     * @throws MalformedMessage when the major version is not 2 (see {@link IkeHeader#peek}), the length is not the one
     *     declared, or a payload is not what its type demands
     * @throws IndexOutOfBoundsException when the range is not within the array
     */
    public static IkeMessage parse(byte[] array, int offset, int length) throws MalformedMessage {
        var reader = new ByteReader(array, offset, length, SECTION);
        IkeHeader.Received received = IkeHeader.read(reader);
        if (received.majorVersion() != IkeHeader.MAJOR_VERSION) {
            throw new MalformedMessage("major version " + received.majorVersion(), offset + 17, SECTION);
        }
        if (received.length() != length) {
            throw new MalformedMessage("declared length " + Integer.toUnsignedString(received.length()) + " of "
                    + length + " octets", offset + 24, SECTION);
        }
        ByteReader payloads = reader.slice(reader.remaining(), "payloads", PayloadChain.SECTION);
        return new IkeMessage(received.header(), PayloadChain.parse(received.firstPayload(), payloads, true));
    }

    /**
     * Reads a message that fills an array.
     *
     * @param octets the message
     * @return the message
     * @throws MalformedMessage as {@link #parse(byte[], int, int)} does
     */
    public static IkeMessage parse(byte[] octets) throws MalformedMessage {
        return parse(octets, 0, octets.length);
    }

    /**
     * Writes the message.
     *
     * @return its octets, without the non-ESP marker
     */
    public byte[] write() {
        int length = IkeHeader.LENGTH
                + payloads.stream().mapToInt(payload -> Payload.HEADER_LENGTH + payload.bodyLength()).sum();
        var out = new ByteWriter(length);
        header.write(out, PayloadChain.firstType(payloads), length);
        PayloadChain.write(payloads, out);
        return out.toByteArray();
    }

    /**
     * The first payload of a kind.
     *
     * @param kind the payload's record; for the two that come in pairs see {@link #identification} and
     *     {@link #trafficSelectors}
     * @param <T> the same
     * @return the payload; nothing when there is none
     */
    public <T extends Payload> Optional<T> first(Class<T> kind) {
        return payloads.stream().filter(kind::isInstance).map(kind::cast).findFirst();
    }

    /**
     * All payloads of a kind.
     *
     * @param kind the payload's record
     * @param <T> the same
     * @return the payloads in order, perhaps none
     */
    public <T extends Payload> List<T> all(Class<T> kind) {
        return payloads.stream().filter(kind::isInstance).map(kind::cast).toList();
    }

    /**
     * The first notification of a type.
     *
     * @param type the {@link NotifyType}
     * @return the payload; nothing when there is none
     */
    public Optional<NotifyPayload> notify(int type) {
        return all(NotifyPayload.class).stream().filter(notify -> notify.type() == type).findFirst();
    }

    /**
     * The first Identification payload of one side.
     *
     * @param initiator true for IDi, false for IDr
     * @return the payload; nothing when there is none
     */
    public Optional<IdPayload> identification(boolean initiator) {
        return all(IdPayload.class).stream().filter(id -> id.initiator() == initiator).findFirst();
    }

    /**
     * The first Traffic Selector payload of one side.
     *
     * @param initiator true for TSi, false for TSr
     * @return the payload; nothing when there is none
     */
    public Optional<TsPayload> trafficSelectors(boolean initiator) {
        return all(TsPayload.class).stream().filter(ts -> ts.initiator() == initiator).findFirst();
    }

    /**
     * Describes the message for people: the header, then each payload on a line of its own, each proposal too.
     *
     * @return several lines, the last without a line end
     */
    public String describe() {
        var text = new StringBuilder(header.toString());
        for (Payload payload : payloads) {
            if (payload instanceof SaPayload sa) {
                text.append("\n  SA");
                sa.proposals().forEach(proposal -> text.append("\n    ").append(proposal));
            } else {
                text.append("\n  ").append(payload);
            }
        }
        return text.toString();
    }

    /** The same as {@link #describe()}. */
    @Override
    public String toString() {
        return describe();
    }
}
