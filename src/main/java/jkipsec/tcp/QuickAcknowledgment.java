package jkipsec.tcp;

/**
 * When segments are acknowledged at once instead of every second one: at the beginning of a connection, after a pause and
 * while data is missing, when the peer's congestion window is small and grows with every acknowledgment; but not while
 * the application answers what it gets, for then its answers take the acknowledgments along. As Linux does. Confined to
 * the stack's thread.
 */
final class QuickAcknowledgment {
    private final int most;
    private final long delay;
    private int left;
    private boolean answering;
    private long lastArrival;

    /**
     * Begins quickly.
     *
     * @param most how many segments in a row are acknowledged at once, 0 for none
     * @param delay how long an acknowledgment may be held back, in nanoseconds
     */
    QuickAcknowledgment(int most, long delay) {
        this.most = most;
        this.delay = delay;
        left = most;
    }

    /** Data arrived in order: whether to acknowledge it at once. A time-out without any is a pause. */
    boolean arrived(long now, long timeout) {
        if (now - lastArrival > timeout) {
            left = most;
        }
        lastArrival = now;
        return left > 0 && !answering;
    }

    /** Data is missing, or what was missing has arrived. */
    void disordered(long now) {
        left = most;
        answering = false;
        lastArrival = now;
    }

    /** Data of our own leaves. */
    void sent(long now) {
        answering |= now - lastArrival < delay;
    }

    /** An acknowledgment of so many segments has left. */
    void acknowledged(int segments) {
        left = Math.max(0, left - segments);
    }
}
