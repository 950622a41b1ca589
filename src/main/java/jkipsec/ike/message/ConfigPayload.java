package jkipsec.ike.message;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import jkipsec.bytes.ByteReader;
import jkipsec.bytes.ByteWriter;
import jkipsec.bytes.MalformedMessage;

/**
 * Configuration: a device asks for inner addresses and the like, a gateway answers (RFC 7296 §3.15).
 *
 * @param cfgType the {@link ConfigType}, 0 to 255
 * @param attributes what is asked or answered
 */
public record ConfigPayload(int cfgType, List<ConfigAttribute> attributes) implements Payload {
    private static final int FIXED = 4;

    /** Checks that it fits its payload. */
    public ConfigPayload {
        Require.u8("CFG type", cfgType);
        attributes = List.copyOf(attributes);
        Require.bodyLength("Configuration", length(attributes));
    }

    static ConfigPayload parse(ByteReader body) throws MalformedMessage {
        int cfgType = body.u8("CFG type");
        body.skip(3, "reserved");
        var attributes = new ArrayList<ConfigAttribute>();
        while (body.hasRemaining()) {
            attributes.add(ConfigAttribute.parse(body));
        }
        return new ConfigPayload(cfgType, attributes);
    }

    @Override
    public int payloadType() {
        return PayloadType.CP;
    }

    @Override
    public int bodyLength() {
        return (int) length(attributes);
    }

    private static long length(List<ConfigAttribute> attributes) {
        return FIXED + attributes.stream().mapToLong(ConfigAttribute::length).sum();
    }

    @Override
    public void writeBody(ByteWriter out) {
        out.u8(cfgType).zeros(3);
        attributes.forEach(attribute -> attribute.write(out));
    }

    @Override
    public String toString() {
        return "CP(" + ConfigType.nameOf(cfgType) + ") "
                + attributes.stream().map(ConfigAttribute::toString).collect(Collectors.joining(" "));
    }
}
