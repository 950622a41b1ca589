package jkipsec.cli;

import java.io.Console;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import jkipsec.AuthKey;

/** {@code key}: turns a pre-shared key into the form that is kept. */
final class KeyCommand implements Command {
    private static final int MAX_OCTETS = 64 * 1024;

    KeyCommand() {}

    @Override
    public String name() {
        return "key";
    }

    @Override
    public String summary() {
        return "derive the key for a key file from a pre-shared key";
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
                """;
    }

    @Override
    public List<Option> options() {
        return List.of();
    }

    @Override
    public int run(Arguments arguments, Terminal terminal) throws UsageError, IOException {
        Console console = terminal.in() == System.in ? System.console() : null;
        AuthKey key = console != null && isTerminal(console) ? typed(console) : piped(terminal);
        terminal.out().println(key.toHex());
        return 0;
    }

    private static AuthKey typed(Console console) throws UsageError {
        char[] psk = console.readPassword("pre-shared key (not shown): ");
        if (psk == null || psk.length == 0) {
            throw new UsageError("the pre-shared key is empty; type it, and then Enter");
        }
        try {
            return AuthKey.derive(psk);
        } finally {
            Arrays.fill(psk, '\0');
        }
    }

    private static AuthKey piped(Terminal terminal) throws UsageError, IOException {
        byte[] read = terminal.in().readNBytes(MAX_OCTETS);
        int length = 0;
        while (length < read.length && read[length] != '\n' && read[length] != '\r') {
            length++;
        }
        if (length == 0) {
            throw new UsageError("the pre-shared key is empty; pipe it in: printf %s \"$PSK\" | jkipsec key");
        }
        byte[] psk = Arrays.copyOf(read, length);
        try {
            return AuthKey.derive(psk);
        } finally {
            Arrays.fill(psk, (byte) 0);
            Arrays.fill(read, (byte) 0);
        }
    }

    /** From Java 22 there is a console even without a terminal, and a method, unknown to Java 21, that tells. */
    private static boolean isTerminal(Console console) {
        try {
            return (boolean) Console.class.getMethod("isTerminal").invoke(console);
        } catch (ReflectiveOperationException java21) {
            return true;
        }
    }
}
