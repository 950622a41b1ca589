package jkipsec.gateway;

/**
 * What went wrong with some of several things that each must be done, whatever becomes of the others: errors count, too,
 * as the program goes on after them. Confined to the gateway's thread.
 */
final class Faults {
    private Throwable last;

    /** Does one of them. */
    void collect(Runnable action) {
        try {
            action.run();
        } catch (RuntimeException | Error e) {
            last = e;
        }
    }

    /** Throws the last fault, if there was one. */
    void rethrow() {
        switch (last) {
            case null -> { }
            case RuntimeException fault -> throw fault;
            case Error fault -> throw fault;
            default -> throw new AssertionError(last);
        }
    }
}
