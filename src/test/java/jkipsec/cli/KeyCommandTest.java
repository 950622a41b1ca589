package jkipsec.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Map;
import jkipsec.AuthKey;
import org.junit.jupiter.api.Test;

class KeyCommandTest {
    @Test
    void aPipedSecretBecomesItsKeyAndNothingElseIsPrinted() {
        var run = CommandLine.run(Map.of(), "geheim, mit Umläuten", "key");
        assertEquals(0, run.status());
        assertEquals(AuthKey.derive("geheim, mit Umläuten").toHex() + "\n", run.out());
        assertEquals("", run.err());
    }

    @Test
    void theFirstLineBreakEndsTheSecret() {
        String key = AuthKey.derive("secret").toHex() + "\n";
        assertEquals(key, CommandLine.run(Map.of(), "secret\n", "key").out());
        assertEquals(key, CommandLine.run(Map.of(), "secret\r\nmore\n", "key").out());
    }

    @Test
    void theKeyIsTheOneOfTheStandard() {
        // Computed apart: printf 'Key Pad for IKEv2' | openssl dgst -sha256 -hmac secret
        assertEquals("5fd8819cd79c7d1470058863cddc51ba31b4b8c876e6a7a803c3c95aaf71c10d\n",
                CommandLine.run(Map.of(), "secret", "key").out());
    }

    @Test
    void aPasswordBecomesItsNtHash() {
        // RFC 2759 §9.2
        assertEquals("44ebba8d5312b8d611474411f56989ae\n",
                CommandLine.run(Map.of(), "clientPass\n", "key", "--password").out());
        assertEquals("jkipsec: the password is empty; type it and then Enter, or pipe it in: printf %s \"$PASSWORD\""
                + " | jkipsec key --password\n", CommandLine.run(Map.of(), "", "key", "--password").err());
        assertEquals("jkipsec: an MS-CHAPv2 password has at most 256 characters, not 257\n",
                CommandLine.run(Map.of(), "x".repeat(257), "key", "--password").err());
    }

    @Test
    void anEmptySecretIsRefused() {
        var run = CommandLine.run(Map.of(), "\n", "key");
        assertEquals(2, run.status());
        assertTrue(run.err().startsWith("jkipsec: the pre-shared key is empty"), run.err());
    }
}
