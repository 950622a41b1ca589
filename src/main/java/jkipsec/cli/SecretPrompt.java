package jkipsec.cli;

import java.io.Console;
import java.util.Optional;

/** Asks for a secret where somebody sits at a terminal, without showing what is typed. */
final class SecretPrompt {
    private SecretPrompt() {}

    /**
     * Asks.
     *
     * @param terminal where the command was started
     * @param what what to type
     * @return what was typed, perhaps nothing, to be wiped; or empty when there is nobody to ask
     */
    static Optional<char[]> ask(Terminal terminal, String what) {
        Console console = terminal.in() == System.in ? System.console() : null;
        if (console == null || !isTerminal(console)) {
            return Optional.empty();
        }
        char[] typed = console.readPassword("%s (not shown): ", what);
        return Optional.of(typed == null ? new char[0] : typed);
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
