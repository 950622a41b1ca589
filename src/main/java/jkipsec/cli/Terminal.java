package jkipsec.cli;

import java.io.InputStream;
import java.io.PrintStream;
import java.util.Map;
import java.util.Optional;

/**
 * What a command sees of the world it was started in. Safe to share between threads.
 *
 * @param in standard input
 * @param out standard output: results
 * @param err standard error: complaints and prompts
 * @param environment the environment variables
 */
record Terminal(InputStream in, PrintStream out, PrintStream err, Map<String, String> environment) {
    /**
     * The process's own.
     *
     * @return standard streams and environment
     */
    static Terminal ofProcess() {
        return new Terminal(System.in, System.out, System.err, System.getenv());
    }

    /**
     * Looks up an environment variable; an empty one counts as absent.
     *
     * @param name the variable
     * @return its value, when it has one
     */
    Optional<String> variable(String name) {
        return Optional.ofNullable(environment.get(name)).filter(value -> !value.isEmpty());
    }
}
