package jkipsec.tcp;

import jkipsec.ip.IpAddress;
import jkipsec.ip.IpHeader;
import jkipsec.ip.Ipv4Address;

/**
 * What a connection has found out about the largest packet that its path carries, below what the tunnel does.
 *
 * <p>Two things tell: an ICMP message (RFC 1191, RFC 8201), which may be lost or forged, and silence: when full segments
 * are sent again and again without an answer, the path may swallow packets of their size without a word, a black hole
 * (RFC 1191 §6.3, RFC 4821 §7.6). Then smaller ones are tried. After ten minutes larger ones are tried again (RFC 8201 §4), and
 * each time they fail only after twice as long. Confined to the stack's thread.
 */
final class PathMtu {
    static final int NO_LIMIT = Integer.MAX_VALUE;

    /** Sizes that are tried, the largest first; the last one is what every path must carry, or every host. */
    private static final int[] STEPS_V4 = {1_280, 1_024, 576};
    private static final int[] STEPS_V6 = {1_280};

    /** So many time-outs in a row make a size suspect; two more the next. */
    private static final int SUSPECT = 3;

    private static final long FIRST_WAIT = 600_000_000_000L;
    private static final long LONGEST_WAIT = 8 * FIRST_WAIT;

    private final int[] steps;
    private final int headers;

    /** The largest payload, options of TCP included. */
    private int limit = NO_LIMIT;
    private long raiseAt = Long.MAX_VALUE;
    private long wait = FIRST_WAIT;
    private boolean raised;

    PathMtu(IpAddress address) {
        boolean v4 = address instanceof Ipv4Address;
        steps = v4 ? STEPS_V4 : STEPS_V6;
        headers = (v4 ? IpHeader.IPV4_LENGTH : IpHeader.IPV6_LENGTH) + TcpHeader.MINIMUM_LENGTH;
    }

    /** The largest payload, options of TCP included, in octets. */
    int limit() {
        return limit;
    }

    /** Whether a larger size is to be tried. */
    boolean isRaiseDue(long now) {
        return now >= raiseAt;
    }

    /**
     * The network says that a packet was too big.
     *
     * @param mtu what it says it carries, 0 when it does not say
     * @param current the largest payload now
     * @return whether the limit was lowered
     */
    boolean tooBig(int mtu, int current, long now) {
        int packet = mtu == 0 ? stepBelow(current + headers) : Math.max(mtu, steps[steps.length - 1]);
        return packet > 0 && lower(packet - headers, current, now);
    }

    /**
     * The retransmission timer ran out with a full segment in flight. What is no larger than the first size to try is
     * never suspected, unless larger ones were before: nearly every path carries it, and silence has other reasons.
     *
     * @param retries how many times in a row
     * @param current the largest payload now
     * @return whether the limit was lowered
     */
    boolean timedOut(int retries, int current, long now) {
        boolean suspect = retries >= SUSPECT && (retries - SUSPECT) % 2 == 0
                && (limit != NO_LIMIT || current + headers > steps[0]);
        int packet = suspect ? stepBelow(current + headers) : 0;
        return packet > 0 && lower(packet - headers, current, now);
    }

    /** Tries the next larger size; without a limit when there is none. */
    void raise(long now) {
        int next = NO_LIMIT;
        for (int step : steps) {
            next = step - headers > limit ? step - headers : next;
        }
        limit = next;
        raised = true;
        raiseAt = next == NO_LIMIT ? Long.MAX_VALUE : now + wait;
    }

    private boolean lower(int payload, int current, long now) {
        if (payload >= current) {
            return false;
        }
        wait = raised ? Math.min(2 * wait, LONGEST_WAIT) : wait;
        raised = false;
        limit = payload;
        raiseAt = now + wait;
        return true;
    }

    /** The largest size to try that is smaller than one that fails; 0 when there is none. */
    private int stepBelow(int packet) {
        for (int step : steps) {
            if (step < packet) {
                return step;
            }
        }
        return 0;
    }
}
