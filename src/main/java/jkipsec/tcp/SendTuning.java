package jkipsec.tcp;

/**
 * The size of a connection's send buffer: small at first, and twice the congestion window when the application writes
 * enough to fill that, within the configuration and the stack's memory; small again when it has not been used for a
 * while and the stack runs short of memory. Confined to the stack's thread.
 */
final class SendTuning {
    /** What every connection gets; a stack that cannot give it takes no more connections. */
    static final int LEAST = 2048;

    /** A new connection gets so much of what is left, so that there is something for the next ones. */
    private static final int SHARE = 128;

    private static final long IDLE_NANOS = 1_000_000_000L;

    private final TcpConfig config;
    private final MemoryBudget budget;
    private final SendBuffer buffer;
    private int reserved;
    private boolean fixed;
    private long usedAt;
    private long askedAt = -IDLE_NANOS;

    SendTuning(TcpConfig config, MemoryBudget budget, SendBuffer buffer) {
        this.config = config;
        this.budget = budget;
        this.buffer = buffer;
        resize(Math.min(buffer.limit(), LEAST));
    }

    /** The connection is used from now on: gives it its initial size. */
    void begin() {
        if (!fixed) {
            long share = Long.highestOneBit(budget.spare() / SHARE);
            grow((int) Math.min(share, Math.min(config.initialBuffer(), config.sendBuffer())));
        }
    }

    /**
     * The peer has acknowledged.
     *
     * @param held octets the buffer held before
     * @param congestionWindow cwnd
     * @return by how many octets the buffer is larger now
     */
    int acknowledged(int held, int congestionWindow) {
        int limit = buffer.limit();
        if (fixed || limit >= config.sendBuffer() || held < limit / 2 || limit / 2 >= congestionWindow) {
            return 0;
        }
        int larger = Math.min(2 * limit, config.sendBuffer());
        if (budget.spare() >= larger - limit) {
            return grow(larger);
        }
        if (usedAt - askedAt >= IDLE_NANOS) { // what others do not use they have not used for that long
            askedAt = usedAt;
            budget.missed();
        }
        return 0;
    }

    /**
     * The application wants this size and no other.
     *
     * @return by how many octets the buffer is larger now
     */
    int fix(int octets) {
        fixed = true;
        int wanted = Math.max(LEAST, Math.min(octets, config.sendBuffer()));
        if (wanted < buffer.limit()) {
            buffer.limit(wanted); // its memory stays reserved: the application may have filled it
            return 0;
        }
        return grow((int) Math.min(wanted, reserved + budget.spare()));
    }

    /** The buffer is in use. */
    void used(long now) {
        usedAt = now;
    }

    /** Whether the buffer has been empty for a while, and nothing but habit makes it larger than the least. */
    boolean canShrink(long now) {
        return !fixed && buffer.size() == 0 && buffer.limit() > LEAST && now - usedAt >= IDLE_NANOS;
    }

    /** Makes the empty buffer as small as it can be; it grows again as it is used. */
    void shrink() {
        buffer.clear();
        buffer.limit(LEAST);
        budget.give(reserved - LEAST);
        reserved = LEAST;
    }

    /** The connection is over. */
    void release() {
        budget.give(reserved);
        reserved = 0;
    }

    private int grow(int octets) {
        int before = buffer.limit();
        if (octets <= before) {
            return 0;
        }
        resize(octets);
        return octets - before;
    }

    private void resize(int octets) {
        int more = Math.max(0, octets - reserved);
        budget.take(more);
        reserved += more;
        buffer.limit(octets);
    }
}
