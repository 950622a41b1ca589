package jkipsec.ike.message;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.stream.Collectors;
import jkipsec.bytes.ByteReader;
import jkipsec.bytes.ByteWriter;
import jkipsec.bytes.MalformedMessage;

/**
 * One algorithm of a proposal (RFC 7296 §3.3.2).
 *
 * <p>Two transforms are the same offer when they are equal. One with an attribute that is not understood equals no
 * transform that {@link #of} and {@link #withKeyLength} make, so it is never chosen, as §3.3.6 demands.
 *
 * @param type the {@link TransformType}, 0 to 255
 * @param id the {@link TransformId}, 0 to 65,535
 * @param attributes its attributes in order, mostly none or one
 */
public record Transform(int type, int id, List<TransformAttribute> attributes) {
    private static final String SECTION = "RFC 7296 §3.3.2";
    private static final int HEADER_LENGTH = 8;
    private static final int MORE = 3;

    /** Checks that it can be written. */
    public Transform {
        Require.u8("transform type", type);
        Require.u16("transform ID", id);
        attributes = List.copyOf(attributes);
        Require.bodyLength("SA", length(attributes));
    }

    /**
     * A transform without attributes.
     *
     * @param type the {@link TransformType}
     * @param id the {@link TransformId}
     * @return the transform
     */
    public static Transform of(int type, int id) {
        return new Transform(type, id, List.of());
    }

    /**
     * A transform with a key length.
     *
     * @param type the {@link TransformType}
     * @param id the {@link TransformId}
     * @param bits the key's length in bits, without a salt
     * @return the transform
     */
    public static Transform withKeyLength(int type, int id, int bits) {
        return new Transform(type, id, List.of(TransformAttribute.keyLength(bits)));
    }

    static Transform parse(ByteReader reader) throws MalformedMessage {
        int more = reader.u8("more transforms");
        reader.skip(1, "reserved");
        int length = reader.u16("transform length");
        ByteReader transform = reader.slice(length - 4, "transform", SECTION);
        if (more != (reader.hasRemaining() ? MORE : 0)) {
            throw transform.malformed("\"last substructure\" is " + more + " before " + reader.remaining() + " octets");
        }
        int type = transform.u8("transform type");
        transform.skip(1, "reserved");
        int id = transform.u16("transform ID");
        var attributes = new ArrayList<TransformAttribute>(1);
        while (transform.hasRemaining()) {
            attributes.add(TransformAttribute.parse(transform));
        }
        return new Transform(type, id, attributes);
    }

    void write(ByteWriter out, boolean last) {
        out.u8(last ? 0 : MORE).u8(0).u16(length()).u8(type).u8(0).u16(id);
        attributes.forEach(attribute -> attribute.write(out));
    }

    int length() {
        return (int) length(attributes);
    }

    private static long length(List<TransformAttribute> attributes) {
        return HEADER_LENGTH + attributes.stream().mapToLong(TransformAttribute::length).sum();
    }

    /**
     * Whether this is a certain transform without any attribute.
     *
     * @param wantedType the {@link TransformType}
     * @param wantedId the {@link TransformId}
     * @return true when it is that and nothing more
     */
    public boolean matches(int wantedType, int wantedId) {
        return type == wantedType && id == wantedId && attributes.isEmpty();
    }

    /**
     * Whether this is a certain transform with a certain key length and no other attribute.
     *
     * @param wantedType the {@link TransformType}
     * @param wantedId the {@link TransformId}
     * @param bits the key's length in bits
     * @return true when it is that and nothing more
     */
    public boolean matches(int wantedType, int wantedId, int bits) {
        return type == wantedType && id == wantedId && attributes.size() == 1
                && attributes.get(0).isKeyLength() && attributes.get(0).number() == bits;
    }

    /**
     * The key length it names.
     *
     * @return bits; nothing when it names none
     */
    public OptionalInt keyLength() {
        return attributes.stream()
                .filter(TransformAttribute::isKeyLength)
                .mapToInt(TransformAttribute::number)
                .findFirst();
    }

    /** Gives the usual name, such as {@code ENCR_AES_CBC_256}. */
    @Override
    public String toString() {
        return TransformId.nameOf(type, id)
                + attributes.stream().map(attribute -> "_" + attribute).collect(Collectors.joining());
    }
}
