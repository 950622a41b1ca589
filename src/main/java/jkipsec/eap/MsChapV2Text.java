package jkipsec.eap;

import java.util.HexFormat;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import jkipsec.bytes.ByteReader;
import jkipsec.bytes.MalformedMessage;

/**
 * The two messages that MS-CHAPv2 writes as text (RFC 2759 §5 and §6):
 *
 * <pre>
 *   S=&lt;40 hexadecimal digits&gt; M=&lt;message&gt;
 *   E=&lt;decimal&gt; R=&lt;0 or 1&gt; C=&lt;32 hexadecimal digits&gt; V=3 M=&lt;message&gt;
 * </pre>
 */
final class MsChapV2Text {
    private static final HexFormat UPPER_CASE = HexFormat.of().withUpperCase();

    // Servers leave out what they do not need; only S and E must be there. Nothing here can backtrack far.
    private static final Pattern SUCCESS = Pattern.compile("S=(\\p{XDigit}{40})(?: M=(.*))?", Pattern.DOTALL);
    private static final Pattern FAILURE = Pattern.compile(
            "E=(\\d{1,9})(?: R=([01]))?(?: C=(\\p{XDigit}{32}))?(?: V=\\d{1,9})?(?: M=(.*))?", Pattern.DOTALL);

    /** Room for all fields but the message. */
    private static final int MOST_FIELDS = 128;

    private MsChapV2Text() {}

    static byte[] success(MsChapV2Message.SuccessRequest m) {
        return Text.encode("the message",
                "S=" + UPPER_CASE.formatHex(m.authenticatorResponse()) + " M=" + m.message());
    }

    static byte[] failure(MsChapV2Message.FailureRequest m) {
        String challenge = m.challenge().length == 0 ? "" : " C=" + UPPER_CASE.formatHex(m.challenge());
        return Text.encode("the message",
                "E=" + m.error() + " R=" + (m.retry() ? 1 : 0) + challenge + " V=3 M=" + m.message());
    }

    static MsChapV2Message.SuccessRequest parseSuccess(int id, ByteReader in) throws MalformedMessage {
        Matcher fields = match(SUCCESS, "success message", in);
        return new MsChapV2Message.SuccessRequest(
                id, HexFormat.of().parseHex(fields.group(1)), message(fields.group(2), in));
    }

    static MsChapV2Message.FailureRequest parseFailure(int id, ByteReader in) throws MalformedMessage {
        Matcher fields = match(FAILURE, "failure message", in);
        byte[] challenge = fields.group(3) == null ? new byte[0] : HexFormat.of().parseHex(fields.group(3));
        return new MsChapV2Message.FailureRequest(
                id,
                Integer.parseInt(fields.group(1)),
                "1".equals(fields.group(2)),
                challenge,
                message(fields.group(4), in));
    }

    private static Matcher match(Pattern pattern, String what, ByteReader in) throws MalformedMessage {
        Matcher fields = pattern.matcher(Text.rest(in, what, MsChapV2Message.MOST_MESSAGE + MOST_FIELDS));
        if (!fields.matches()) {
            throw in.malformed(what + " is not made as RFC 2759 §5 and §6 say");
        }
        return fields;
    }

    private static String message(String text, ByteReader in) throws MalformedMessage {
        if (text == null) {
            return "";
        }
        if (Text.encode("the message", text).length > MsChapV2Message.MOST_MESSAGE) {
            throw in.malformed("a message of more than " + MsChapV2Message.MOST_MESSAGE + " octets");
        }
        return text;
    }
}
