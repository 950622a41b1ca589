package jkipsec.ike;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Objects;
import jkipsec.bytes.Hex;
import jkipsec.ike.message.IdType;
import jkipsec.ip.IpAddress;

/**
 * Who a peer says it is: the contents of an Identification payload (RFC 7296 §3.5). Immutable; {@link #data} returns a
 * copy.
 *
 * @param type the ID type, such as 2 for ID_FQDN; see {@link IdType}
 * @param data the identification data as on the wire
 */
public record Identification(int type, byte[] data) {
    /** Checks and copies. */
    public Identification {
        if (type < 0 || type > 255) {
            throw new IllegalArgumentException("an ID type is one octet, not " + type);
        }
        data = data.clone();
    }

    /**
     * Reads an identity as a person writes it: an IP address literal becomes ID_IPV4_ADDR or ID_IPV6_ADDR, text with an
     * {@code @} inside becomes ID_RFC822_ADDR, anything else ID_FQDN.
     *
     * @param text the identity, not empty
     * @return the identification
     * @throws IllegalArgumentException when the text is empty
     */
    public static Identification of(String text) {
        if (text.isBlank()) {
            throw new IllegalArgumentException("an identity cannot be empty; give a name such as vpn.example.com");
        }
        try {
            IpAddress address = IpAddress.parse(text);
            byte[] octets = address.toByteArray();
            return new Identification(octets.length == 4 ? IdType.ID_IPV4_ADDR : IdType.ID_IPV6_ADDR, octets);
        } catch (IllegalArgumentException notAnAddress) {
            int type = text.indexOf('@') > 0 ? IdType.ID_RFC822_ADDR : IdType.ID_FQDN;
            return new Identification(type, text.getBytes(StandardCharsets.UTF_8));
        }
    }

    /**
     * The identification data.
     *
     * @return a copy
     */
    @Override
    public byte[] data() {
        return data.clone();
    }

    /**
     * The identity as text: names as they are, addresses as literals, and anything that is not printable text as
     * {@code hex:} and digits.
     *
     * @return text that is safe to print
     */
    public String text() {
        boolean address = type == IdType.ID_IPV4_ADDR && data.length == 4
                || type == IdType.ID_IPV6_ADDR && data.length == 16;
        if (address) {
            return IpAddress.of(data).toString();
        }
        try {
            String text = StandardCharsets.UTF_8
                    .newDecoder()
                    .onMalformedInput(CodingErrorAction.REPORT)
                    .onUnmappableCharacter(CodingErrorAction.REPORT)
                    .decode(ByteBuffer.wrap(data))
                    .toString();
            if (!text.isEmpty() && text.codePoints().allMatch(Identification::isPrintable)) {
                return text;
            }
        } catch (CharacterCodingException notText) {
            // Shown as hexadecimal below.
        }
        return "hex:" + Hex.of(data);
    }

    /** Not what ends a line, reverses it or cannot be seen: an identity is shown before its owner has proved it. */
    private static boolean isPrintable(int codePoint) {
        return switch (Character.getType(codePoint)) {
            case Character.CONTROL, Character.FORMAT, Character.LINE_SEPARATOR, Character.PARAGRAPH_SEPARATOR,
                    Character.PRIVATE_USE, Character.SURROGATE, Character.UNASSIGNED -> false;
            default -> true;
        };
    }

    /**
     * Whether two identities name the same: equal on the wire, or of different types with the same text, since clients
     * differ in the type they choose for the same setting.
     *
     * @param other the identity to compare with
     * @return true when they are the same
     */
    public boolean names(Identification other) {
        return equals(other) || text().equals(other.text());
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Identification that && type == that.type && Arrays.equals(data, that.data);
    }

    @Override
    public int hashCode() {
        return Objects.hash(type, Arrays.hashCode(data));
    }

    @Override
    public String toString() {
        return IdType.nameOf(type) + " " + text();
    }
}
