package jkipsec.cli;

/** Arguments that cannot be used as they are: the message names the value and what would be right. Exit status 2. */
final class UsageError extends Exception {
    private static final long serialVersionUID = 1L;

    UsageError(String message) {
        super(message, null, false, false);
    }
}
