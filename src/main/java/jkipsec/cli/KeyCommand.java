package jkipsec.cli;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import jkipsec.AuthKey;
import jkipsec.eap.NtHash;

/** {@code key}: turns a pre-shared key or a password into the form that is kept. */
final class KeyCommand implements Command {
    private static final int MAX_OCTETS = 64 * 1024;

    KeyCommand() {}

    @Override
    public String name() {
        return "key";
    }

    @Override
    public String summary() {
        return "derive what a key file holds from a pre-shared key or a password";
    }

    @Override
    public String description() {
        return """
                Reads a pre-shared key (PSK), without showing it when it is typed, or from
                standard input up to the first line break, and prints the key that is derived
                from it: prf(PSK, "Key Pad for IKEv2") of RFC 7296, section 2.15.

                The printed key is all that a gateway needs, so that the PSK itself need not be
                stored; but whoever has it can log in as the device: keep it as secret.

                    read -rs PSK; printf %s "$PSK" | jkipsec key

                With --password it reads a user's password and prints its NT hash, MD4 of the
                password in UTF-16, which is what EAP-MSCHAPv2 works with. Weak passwords are
                quickly found from it.
                """;
    }

    @Override
    public List<Option> options() {
        return List.of(Option.flag("--password", "Reads a user's password, for a file of --users."));
    }

    @Override
    public int run(Arguments arguments, Terminal terminal) throws UsageError, IOException {
        boolean password = arguments.has("--password");
        String what = password ? "password" : "pre-shared key";
        byte[] secret = SecretPrompt.ask(terminal, what).map(KeyCommand::encoded).orElse(null);
        if (secret == null) {
            secret = piped(terminal);
        }
        try {
            if (secret.length == 0) {
                throw new UsageError("the " + what + " is empty; type it and then Enter, or pipe it in: printf %s \"$"
                        + (password ? "PASSWORD\" | jkipsec key --password" : "PSK\" | jkipsec key"));
            }
            terminal.out().println(password ? ntHash(secret) : AuthKey.derive(secret).toHex());
            return 0;
        } finally {
            Arrays.fill(secret, (byte) 0);
        }
    }

    private static String ntHash(byte[] utf8) throws UsageError {
        char[] password = null;
        try {
            CharBuffer decoded = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(utf8));
            password = Arrays.copyOf(decoded.array(), decoded.limit());
            Arrays.fill(decoded.array(), '\0');
            try (NtHash hash = NtHash.of(password)) {
                return hash.toHex();
            }
        } catch (CharacterCodingException binary) {
            throw new UsageError("the password is not UTF-8 text");
        } catch (IllegalArgumentException tooLong) {
            throw new UsageError(tooLong.getMessage());
        } finally {
            if (password != null) {
                Arrays.fill(password, '\0');
            }
        }
    }

    private static byte[] encoded(char[] typed) {
        ByteBuffer encoded = StandardCharsets.UTF_8.encode(CharBuffer.wrap(typed));
        byte[] octets = Arrays.copyOf(encoded.array(), encoded.limit());
        Arrays.fill(encoded.array(), (byte) 0);
        Arrays.fill(typed, '\0');
        return octets;
    }

    private static byte[] piped(Terminal terminal) throws IOException {
        byte[] read = terminal.in().readNBytes(MAX_OCTETS);
        int length = 0;
        while (length < read.length && read[length] != '\n' && read[length] != '\r') {
            length++;
        }
        byte[] secret = Arrays.copyOf(read, length);
        Arrays.fill(read, (byte) 0);
        return secret;
    }
}
