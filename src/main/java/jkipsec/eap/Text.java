package jkipsec.eap;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import jkipsec.bytes.ByteReader;
import jkipsec.bytes.MalformedMessage;

/** Text fields as UTF-8, in a form that survives writing and parsing. */
final class Text {
    private Text() {}

    /** Checks a program's text: what is accepted can be written. */
    static void require(String field, String text, int mostOctets) {
        int length = encode(field, text).length;
        if (length > mostOctets) {
            throw new IllegalArgumentException(
                    field + " is at most " + mostOctets + " octets of UTF-8, not " + length);
        }
    }

    static byte[] encode(String field, String text) {
        try {
            ByteBuffer buffer = StandardCharsets.UTF_8.newEncoder().encode(CharBuffer.wrap(text));
            return Arrays.copyOf(buffer.array(), buffer.limit());
        } catch (CharacterCodingException e) {
            throw new IllegalArgumentException(field + " holds half of a surrogate pair, which is no character", e);
        }
    }

    /** Reads all that is left as text. */
    static String rest(ByteReader in, String field, int mostOctets) throws MalformedMessage {
        if (in.remaining() > mostOctets) {
            throw in.malformed(field + " of more than " + mostOctets + " octets");
        }
        try {
            return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(in.rest())).toString();
        } catch (CharacterCodingException e) {
            throw in.malformed(field + " is not UTF-8");
        }
    }
}
