package jkipsec.ike.message;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import jkipsec.bytes.ByteReader;
import jkipsec.bytes.ByteWriter;
import jkipsec.bytes.Hex;
import jkipsec.bytes.MalformedMessage;

/**
 * One alternative of an SA payload: a protocol and the transforms offered for it (RFC 7296 §3.3.1). Of several
 * transforms of one type any may be chosen; of each type one must be.
 *
 * @param number which alternative this is, 0 to 255; offers count from 1, an answer repeats the chosen one's number
 * @param protocolId the {@link ProtocolId}, 0 to 255
 * @param spi the SPI under which the sender will receive, up to 255 octets; empty in the first negotiation of an IKE SA
 * @param transforms up to 255
 */
public record Proposal(int number, int protocolId, byte[] spi, List<Transform> transforms) {
    private static final String SECTION = "RFC 7296 §3.3.1";
    private static final int HEADER_LENGTH = 8;
    private static final int MORE = 2;

    /** Checks that it can be written. */
    public Proposal {
        Require.u8("proposal number", number);
        Require.u8("protocol ID", protocolId);
        Require.u8("an SPI's length", spi.length);
        spi = spi.clone();
        transforms = List.copyOf(transforms);
        Require.u8("number of transforms", transforms.size());
        Require.bodyLength("SA", length(spi, transforms));
    }

    static Proposal parse(ByteReader reader) throws MalformedMessage {
        int more = reader.u8("more proposals");
        reader.skip(1, "reserved");
        int length = reader.u16("proposal length");
        ByteReader proposal = reader.slice(length - 4, "proposal", SECTION);
        if (more != (reader.hasRemaining() ? MORE : 0)) {
            throw proposal.malformed("\"last substructure\" is " + more + " before " + reader.remaining() + " octets");
        }
        int number = proposal.u8("proposal number");
        int protocolId = proposal.u8("protocol ID");
        int spiSize = proposal.u8("SPI size");
        int count = proposal.u8("number of transforms");
        byte[] spi = proposal.bytes(spiSize, "SPI");
        var transforms = new ArrayList<Transform>();
        while (proposal.hasRemaining()) {
            transforms.add(Transform.parse(proposal));
        }
        if (transforms.size() != count) {
            throw proposal.malformed(transforms.size() + " transforms instead of " + count);
        }
        return new Proposal(number, protocolId, spi, transforms);
    }

    void write(ByteWriter out, boolean last) {
        out.u8(last ? 0 : MORE).u8(0).u16(length());
        out.u8(number).u8(protocolId).u8(spi.length).u8(transforms.size()).bytes(spi);
        for (int i = 0; i < transforms.size(); i++) {
            transforms.get(i).write(out, i == transforms.size() - 1);
        }
    }

    int length() {
        return (int) length(spi, transforms);
    }

    private static long length(byte[] spi, List<Transform> transforms) {
        return HEADER_LENGTH + spi.length + transforms.stream().mapToLong(Transform::length).sum();
    }

    /**
     * The SPI under which the sender will receive.
     *
     * @return a copy
     */
    @Override
    public byte[] spi() {
        return spi.clone();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Proposal that && number == that.number && protocolId == that.protocolId
                && Arrays.equals(spi, that.spi) && transforms.equals(that.transforms);
    }

    @Override
    public int hashCode() {
        return ((31 * number + protocolId) * 31 + Arrays.hashCode(spi)) * 31 + transforms.hashCode();
    }

    @Override
    public String toString() {
        return number + " " + ProtocolId.nameOf(protocolId)
                + (spi.length == 0 ? ": " : " SPI " + Hex.brief(spi, 16) + ": ")
                + transforms.stream().map(Transform::toString).collect(Collectors.joining(" "));
    }
}
