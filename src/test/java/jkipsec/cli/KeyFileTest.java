package jkipsec.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import jkipsec.AuthKey;
import jkipsec.eap.NtHash;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KeyFileTest {
    private static final AuthKey ALICE = AuthKey.derive("secret of alice");
    private static final AuthKey BOB = AuthKey.derive("secret of bob");

    @Test
    void identitiesAreFoundWithTheirKeys() throws UsageError {
        KeyFile<AuthKey> keys = KeyFile.parse(KeyFile.KEYS, "keys", "# comment\n\n alice  " + ALICE.toHex() + "\nCN=Bob, O=Some Org\t"
                + BOB.toHex() + "\n");
        assertEquals(Optional.of(ALICE), keys.of("alice"));
        assertEquals(Optional.of(BOB), keys.of("CN=Bob, O=Some Org"));
        assertEquals(Optional.empty(), keys.of("Alice"));
        assertEquals(2, keys.size());
    }

    @Test
    void whatIsWrongIsNamedWithoutRepeatingASecret() {
        complains("keys line 2: expected an identity, a space and a key, and found one word", "\nalice\n");
        complains("keys line 1: the last word is not a key as 'jkipsec key' prints it (a PSK itself is not accepted"
                + " here)", "alice hunter2");
        complains("keys line 2: 'alice' has a key already; remove one of the two lines",
                "alice " + ALICE.toHex() + "\nalice " + BOB.toHex());
        complains("keys has no line with a key in it; write lines such as 'alice KEY', with KEY from 'jkipsec key'", "# none yet");
    }

    @Test
    void usersAreFoundWithTheHashesOfTheirPasswords() throws UsageError {
        // RFC 2759 §9.2
        KeyFile<NtHash> users = KeyFile.parse(KeyFile.USERS, "users", "User 44EBBA8D5312B8D611474411F56989AE");
        assertEquals("44ebba8d5312b8d611474411f56989ae", users.of("User").orElseThrow().toHex());
        for (String wrong : new String[] {"User clientPass", "User " + ALICE.toHex()}) {
            assertEquals("users line 1: the last word is not a hash as 'jkipsec key --password' prints it (a password"
                    + " itself is not accepted here)", assertThrows(UsageError.class,
                    () -> KeyFile.parse(KeyFile.USERS, "users", wrong)).getMessage());
        }
        assertEquals("users has no line with a hash in it; write lines such as 'alice HASH', with HASH from"
                + " 'jkipsec key --password'", assertThrows(UsageError.class,
                () -> KeyFile.parse(KeyFile.USERS, "users", "")).getMessage());
    }

    @Test
    void anAbsentFileIsNamed() {
        assertEquals("--keys: there is no file '/nowhere/keys'",
                assertThrows(UsageError.class, () -> KeyFile.read(KeyFile.KEYS, Path.of("/nowhere/keys"))).getMessage());
    }

    @Test
    void aBinaryFileIsRefused(@TempDir Path folder) throws IOException {
        Path file = Files.write(folder.resolve("keys"), new byte[] {(byte) 0xff, (byte) 0xfe, 0});
        assertEquals("--keys: '" + file + "' is not UTF-8 text",
                assertThrows(UsageError.class, () -> KeyFile.read(KeyFile.KEYS, file)).getMessage());
    }

    @Test
    void aFileThatEveryoneCanReadIsWarnedOf(@TempDir Path folder) throws IOException {
        Path file = Files.writeString(folder.resolve("keys"), "alice " + ALICE.toHex());
        Assumptions.assumeTrue(file.getFileSystem().supportedFileAttributeViews().contains("posix"));
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
        assertTrue(KeyFile.exposure(file).orElseThrow().contains("chmod 600 " + file));
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
        assertFalse(KeyFile.exposure(file).isPresent());
    }

    private static void complains(String message, String text) {
        assertEquals(message, assertThrows(UsageError.class, () -> KeyFile.parse(KeyFile.KEYS, "keys", text)).getMessage());
    }
}
