package jkipsec.cli;

import java.io.PrintStream;
import java.time.LocalTime;
import java.time.format.DateTimeFormatter;

/** Prints what happens, a line each with the time of day. Safe for use by any thread. */
final class Journal {
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("HH:mm:ss.SSS");

    private final PrintStream out;

    /**
     * Writes to a stream.
     *
     * @param out where the lines go
     */
    Journal(PrintStream out) {
        this.out = out;
    }

    /**
     * Prints a line.
     *
     * @param what what happened; see {@link String#format}
     * @param arguments what it happened to
     */
    void note(String what, Object... arguments) {
        out.println(TIME.format(LocalTime.now()) + "  " + String.format(what, arguments));
        out.flush();
    }
}
