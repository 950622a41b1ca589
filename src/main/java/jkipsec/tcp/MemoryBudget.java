package jkipsec.tcp;

/**
 * How much memory the connections of a stack may hold together, and hold. Taken from it are what every connection is
 * sure of; the size of each send buffer beyond that, as soon as the application may fill it; what was delivered and not
 * consumed; and the pages of data out of order. A receive window takes nothing until it is used: data beyond the budget
 * is dropped, and the peer sends it again.
 *
 * <p>It notices when it runs short, so that the application can be asked for what it no longer needs ({@link
 * TcpAction.MemoryShort}). Confined to the stack's thread.
 */
final class MemoryBudget {
    private final long total;
    private long used;
    private long takenSinceAsked;
    private boolean missed;

    MemoryBudget(long octets) {
        total = octets;
    }

    /** Octets held now. */
    long used() {
        return used;
    }

    /** Octets that may still be taken. */
    long available() {
        return total - used;
    }

    /** Octets that may be taken for what can wait: the last quarter is for what cannot. */
    long spare() {
        return Math.max(0, available() - total / 4);
    }

    /** Takes octets; the caller has looked whether they are there. */
    void take(int octets) {
        used += octets;
        takenSinceAsked += octets;
    }

    /** Octets are in use that were taken long before. */
    void usedOfLeast(int octets) {
        takenSinceAsked += octets;
    }

    /** Gives back octets that were taken. */
    void give(int octets) {
        used -= octets;
    }

    /** Octets were wanted that are not there. */
    void missed() {
        missed = true;
    }

    /**
     * Whether to ask for what is no longer needed; having said so it does not again until half of what was left is
     * taken, or something was missed.
     */
    boolean runsShort() {
        if (missed || spare() == 0 && takenSinceAsked > available() / 2) {
            missed = false;
            takenSinceAsked = 0;
            return true;
        }
        return false;
    }
}
