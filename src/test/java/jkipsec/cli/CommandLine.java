package jkipsec.cli;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

/** Runs the command line in place and keeps what it printed. */
record CommandLine(int status, String out, String err) {
    static CommandLine run(String... arguments) {
        return run(Map.of(), "", arguments);
    }

    static CommandLine run(Map<String, String> environment, String input, String... arguments) {
        var out = new ByteArrayOutputStream();
        var err = new ByteArrayOutputStream();
        int status;
        try (var outStream = new PrintStream(out, true, StandardCharsets.UTF_8);
                var errStream = new PrintStream(err, true, StandardCharsets.UTF_8)) {
            var in = new ByteArrayInputStream(input.getBytes(StandardCharsets.UTF_8));
            status = Main.run(List.of(arguments), new Terminal(in, outStream, errStream, environment));
        }
        return new CommandLine(status, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
    }
}
