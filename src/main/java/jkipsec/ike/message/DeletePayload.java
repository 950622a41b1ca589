package jkipsec.ike.message;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import jkipsec.bytes.ByteReader;
import jkipsec.bytes.ByteWriter;
import jkipsec.bytes.MalformedMessage;

/**
 * Delete: SAs the sender has removed (RFC 7296 §3.11).
 *
 * @param protocolId the {@link ProtocolId} of all of them, 0 to 255; {@link ProtocolId#IKE} for the IKE SA this is sent
 *     in
 * @param spis the SPIs under which the sender received ESP or AH; none for the IKE SA
 */
public record DeletePayload(int protocolId, List<Integer> spis) implements Payload {
    private static final int FIXED = 4;
    private static final int SPI_SIZE = 4;

    /** Checks that it fits its payload and that the IKE SA goes without SPIs. */
    public DeletePayload {
        Require.u8("protocol ID", protocolId);
        spis = List.copyOf(spis);
        Require.bodyLength("Delete", FIXED + (long) SPI_SIZE * spis.size());
        if (protocolId == ProtocolId.IKE && !spis.isEmpty()) {
            throw new IllegalArgumentException("the IKE SA is deleted without naming an SPI, not with " + spis.size());
        }
    }

    /**
     * Deletes the IKE SA this is sent in.
     *
     * @return the payload
     */
    public static DeletePayload ikeSa() {
        return new DeletePayload(ProtocolId.IKE, List.of());
    }

    /**
     * Deletes one ESP SA.
     *
     * @param spi the SPI under which the sender received
     * @return the payload
     */
    public static DeletePayload esp(int spi) {
        return new DeletePayload(ProtocolId.ESP, List.of(spi));
    }

    static DeletePayload parse(ByteReader body) throws MalformedMessage {
        int protocolId = body.u8("protocol ID");
        int spiSize = body.u8("SPI size");
        int count = body.u16("number of SPIs");
        boolean none = spiSize == 0 && count == 0;
        if (!none && (protocolId == ProtocolId.IKE || spiSize != SPI_SIZE)) {
            throw body.malformed(count + " SPIs of " + spiSize + " octets for " + ProtocolId.nameOf(protocolId));
        }
        if (count * SPI_SIZE != body.remaining()) {
            throw body.malformed(count + " SPIs in " + body.remaining() + " octets");
        }
        var spis = new ArrayList<Integer>(count);
        while (body.hasRemaining()) {
            spis.add(body.i32("SPI"));
        }
        return new DeletePayload(protocolId, spis);
    }

    @Override
    public int payloadType() {
        return PayloadType.DELETE;
    }

    @Override
    public int bodyLength() {
        return FIXED + SPI_SIZE * spis.size();
    }

    @Override
    public void writeBody(ByteWriter out) {
        out.u8(protocolId).u8(protocolId == ProtocolId.IKE ? 0 : SPI_SIZE).u16(spis.size());
        spis.forEach(out::i32);
    }

    @Override
    public String toString() {
        return "D(" + ProtocolId.nameOf(protocolId) + ")"
                + spis.stream().map(spi -> " %08x".formatted(spi)).collect(Collectors.joining());
    }
}
