package jkipsec.eap;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import jkipsec.bytes.Hex;
import jkipsec.bytes.MalformedMessage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EapPacketTest {
    @Test
    void packetsLookAsTheStandardsDrawThem() {
        assertEquals("01 05 0005 01".replace(" ", ""),
                Hex.of(new EapPacket.Request(5, new EapData.Identity("")).write()));
        assertEquals("02 05 000a 01 616c696365".replace(" ", ""),
                Hex.of(new EapPacket.Response(5, new EapData.Identity("alice")).write()));
        assertEquals("0205000703 1a0d".replace(" ", ""),
                Hex.of(new EapPacket.Response(5, new EapData.Nak(List.of(26, 13))).write()));
        assertEquals("03ff0004", Hex.of(new EapPacket.Success(255).write()));
        assertEquals("04000004", Hex.of(new EapPacket.Failure(0).write()));
    }

    @Test
    void aChallengeIsWrittenFieldByField() {
        byte[] challenge = Hex.parse("5b5d7c7d7b3f2f3e3c2c602132262628");
        var packet = new EapPacket.Request(7, new MsChapV2Message.Challenge(9, challenge, "vpn").toData());
        assertEquals("01 07 001d 1a 01 09 0018 10 5b5d7c7d7b3f2f3e3c2c602132262628 76706e".replace(" ", ""),
                Hex.of(packet.write()));
    }

    @Test
    void aResponseIsWrittenFieldByField() {
        var response = new MsChapV2Message.Response(9, new byte[16], filled(24, 0xaa), "bob");
        assertEquals("02 09 0039 31".replace(" ", "") + "00".repeat(24) + "aa".repeat(24) + "00" + "626f62",
                Hex.of(response.toData().data()));
    }

    @Test
    void successAndFailureAreText() {
        var success = new MsChapV2Message.SuccessRequest(1, filled(20, 0xab), "hello");
        assertArrayEquals(("\3\1\0\66S=" + "AB".repeat(20) + " M=hello").getBytes(StandardCharsets.US_ASCII),
                success.toData().data());
        var failure = new MsChapV2Message.FailureRequest(1, 691, false, filled(16, 0xcd), "no");
        assertArrayEquals(("\4\1\0\71E=691 R=0 C=" + "CD".repeat(16) + " V=3 M=no").getBytes(StandardCharsets.US_ASCII),
                failure.toData().data());
        assertEquals("03", Hex.of(new MsChapV2Message.SuccessResponse().toData().data()));
        assertEquals("04", Hex.of(new MsChapV2Message.FailureResponse().toData().data()));
    }

    @Test
    void fieldsThatServersLeaveOutMayBeMissing() throws MalformedMessage {
        byte[] bare = "\4\1\0\0E=648".getBytes(StandardCharsets.US_ASCII);
        assertEquals(new MsChapV2Message.FailureRequest(1, 648, false, new byte[0], ""),
                MsChapV2Message.parseRequest(bare));
        byte[] proofOnly = ("\3\1\0\0S=" + "0a".repeat(20)).getBytes(StandardCharsets.US_ASCII);
        assertEquals(new MsChapV2Message.SuccessRequest(1, filled(20, 0x0a), ""),
                MsChapV2Message.parseRequest(proofOnly));
    }

    @ParameterizedTest
    @CsvSource({
        "'', nothing at all",
        "010500, a cut header",
        "0105000501ff, more octets than the length says",
        "0105000601, fewer octets than the length says",
        "00050004, code 0",
        "05050004, code 5",
        "0305000501, a success with a type",
        "0405000500, a failure with a type",
        "01050004, a request without a type",
        "0105000500, a request of type 0",
        "01050006031a, a Nak as request",
        "02050006 01ff, an identity that is not UTF-8",
    })
    void brokenPacketsAreMalformed(String octets, String why) {
        assertThrows(MalformedMessage.class, () -> EapPacket.parse(Hex.parse(octets)), why);
    }

    @ParameterizedTest
    @CsvSource({
        "'', nothing at all",
        "0101, a cut header",
        "01010000 0f 000000000000000000000000000000, a challenge of 15 octets",
        "01010000 10 000000000000000000000000000000, a challenge cut short",
        "02010000 31, a response in a request",
        "03010000 533d61, a proof cut short",
        "04010000 453d, an error without number",
        "04010000 453d36393120 523d32, a retry that is neither 0 nor 1",
        "07010000, a change of password",
    })
    void brokenRequestsAreMalformed(String octets, String why) {
        assertThrows(MalformedMessage.class, () -> MsChapV2Message.parseRequest(Hex.parse(octets)), why);
    }

    @ParameterizedTest
    @CsvSource({
        "'', nothing at all",
        "02010000 30, a value of 48 octets",
        "02010000 31 00, a value cut short",
        "01010000 10, a challenge in a response",
        "07010000, a change of password",
    })
    void brokenResponsesAreMalformed(String octets, String why) {
        assertThrows(MalformedMessage.class, () -> MsChapV2Message.parseResponse(Hex.parse(octets)), why);
    }

    @Test
    void aNameWithControlCharactersIsMalformed() {
        String response = "0201000031" + "00".repeat(49);
        assertThrows(MalformedMessage.class, () -> MsChapV2Message.parseResponse(Hex.parse(response + "610a62")));
        assertThrows(MalformedMessage.class, () -> MsChapV2Message.parseResponse(Hex.parse(response + "ff")));
        assertThrows(MalformedMessage.class,
                () -> MsChapV2Message.parseResponse(Hex.parse(response + "61".repeat(257))));
    }

    @Test
    void whatCannotBeWrittenCannotBeMade() {
        assertThrows(IllegalArgumentException.class, () -> new EapPacket.Success(256));
        assertThrows(IllegalArgumentException.class, () -> new EapPacket.Request(1, new EapData.Nak(List.of(26))));
        assertThrows(IllegalArgumentException.class, () -> new EapData.Method(3, new byte[0]));
        assertThrows(IllegalArgumentException.class, () -> new EapData.Identity("x".repeat(1025)));
        assertThrows(IllegalArgumentException.class, () -> new EapData.Identity("\udc00"));
        assertThrows(IllegalArgumentException.class, () -> new EapData.Nak(List.of(256)));
        assertThrows(IllegalArgumentException.class,
                () -> new EapPacket.Request(1, new EapData.Method(26, new byte[65_535])).write());
    }

    private static byte[] filled(int length, int octet) {
        byte[] octets = new byte[length];
        Arrays.fill(octets, (byte) octet);
        return octets;
    }
}
