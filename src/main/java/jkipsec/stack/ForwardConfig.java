package jkipsec.stack;

/**
 * How much an {@link IpStack} forwards at once. Immutable.
 *
 * @param undecided flows of a kind that the application may have to decide about at once, from 1
 * @param connections open TCP connections, those not yet decided included, from 1
 */
public record ForwardConfig(int undecided, int connections) {
    /** Checks that there is room for one of each. */
    public ForwardConfig {
        if (undecided < 1 || connections < 1) {
            throw new IllegalArgumentException("to forward takes room for one flow at least, not " + undecided
                    + " undecided and " + connections + " open");
        }
    }
}
