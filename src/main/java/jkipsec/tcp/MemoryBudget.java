package jkipsec.tcp;

/**
 * How much memory the connections of a stack may hold together, and hold. Taken from it are the size of each send
 * buffer, as soon as the application may fill it; what was delivered and not consumed; and the pages of data out of
 * order. A receive window takes nothing until it is used: data beyond the budget is dropped, and the peer sends it again.
 * Confined to the stack's thread.
 */
final class MemoryBudget {
    private final long total;
    private long used;

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
    }

    /** Gives back octets that were taken. */
    void give(int octets) {
        used -= octets;
    }
}
