package jkipsec.eap;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import jkipsec.bytes.Hex;
import jkipsec.testing.Vectors;
import org.junit.jupiter.api.Test;

class MsChapV2Test {
    @Test
    void everyFunctionGivesThePublishedValues() {
        for (var vector : Vectors.load("mschapv2.txt")) {
            NtHash password = NtHash.of(vector.text("password"));
            assertArrayEquals(vector.hex("passwordHash"), password.expose(), vector::toString);
            byte[] hash = MsChapV2.challengeHash(
                    vector.hex("peerChallenge"), vector.hex("authenticatorChallenge"), vector.text("userName"));
            assertArrayEquals(vector.hex("challengeHash"), hash, vector::toString);
            byte[] response = MsChapV2.ntResponse(password, hash);
            assertArrayEquals(vector.hex("ntResponse"), response, vector::toString);
            assertArrayEquals(vector.hex("authenticatorResponse"),
                    MsChapV2.authenticatorResponse(password, response, hash), vector::toString);
            assertArrayEquals(vector.hex("msk"), MsChapV2.msk(password, response).expose(), vector::toString);
        }
    }

    @Test
    void aHashIsReadFromDigitsAsFromThePassword() {
        NtHash read = NtHash.parse(" 44EBBA8D5312B8D611474411F56989ae\n");
        assertArrayEquals(NtHash.of("clientPass").expose(), read.expose());
        for (String wrong : new String[] {"", "clientPass", "44EBBA8D5312B8D611474411F56989a", "g".repeat(32)}) {
            var refused = assertThrows(IllegalArgumentException.class, () -> NtHash.parse(wrong));
            assertTrue(wrong.isEmpty() || !refused.getMessage().contains(wrong), refused.getMessage());
        }
    }

    @Test
    void aHashDoesNotPrintAndIsGoneWhenDestroyed() {
        NtHash password = NtHash.of("clientPass");
        NtHash copy = password.copy();
        assertEquals("NtHash[16 octets]", password.toString());
        password.close();
        assertThrows(IllegalStateException.class, password::expose);
        assertEquals("44ebba8d5312b8d611474411f56989ae", Hex.of(copy.expose()));
    }

    @Test
    void passwordsHaveAtMost256Characters() {
        NtHash.of("x".repeat(256));
        assertThrows(IllegalArgumentException.class, () -> NtHash.of("x".repeat(257)));
    }

    @Test
    void theDomainTakesNoPart() {
        assertEquals("jürgen", MsChapV2.withoutDomain("OFFICE\\jürgen"));
        assertEquals("jürgen", MsChapV2.withoutDomain("jürgen"));
        assertEquals("", MsChapV2.withoutDomain("OFFICE\\"));
    }

    @Test
    void aLoginPrintsTheNameAlone() {
        var login = new MsChapV2Login(new byte[16],
                new MsChapV2Message.Response(1, new byte[16], new byte[24], "OFFICE\\alice"));
        assertEquals("MsChapV2Login[OFFICE\\alice]", login.toString());
        assertEquals("alice", login.userNameWithoutDomain());
        assertFalse(login.matches(NtHash.of("")));
    }
}
