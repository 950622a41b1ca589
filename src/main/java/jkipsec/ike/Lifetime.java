package jkipsec.ike;

import java.time.Duration;
import java.util.Objects;
import jkipsec.bytes.RandomSource;

/**
 * How long an SA is used (RFC 7296 §2.8): past a soft limit it is replaced, past a hard limit it is not used any more.
 *
 * @param soft after this time a replacement is made, or earlier by the jitter
 * @param hard after this time the SA ends; more than the soft time
 * @param jitter by which part of the soft time, at random, rekeying begins earlier, from 0 to 0.5: so that both sides
 *     seldom begin at once (§2.8.1)
 * @param softVolume what may pass in one direction before a replacement is made
 * @param hardVolume what may pass in one direction at all
 */
public record Lifetime(Duration soft, Duration hard, double jitter, Volume softVolume, Volume hardVolume) {
    private static final long LAST_SEQUENCE = 0xffff_ffffL;
    private static final long SOFT_SEQUENCE = 3L << 30;
    private static final Duration LEAST_MARGIN = Duration.ofMinutes(1);

    /** Checks the ranges. */
    public Lifetime {
        Objects.requireNonNull(softVolume, "softVolume");
        Objects.requireNonNull(hardVolume, "hardVolume");
        if (soft.isNegative() || soft.isZero() || hard.compareTo(soft) <= 0 || !(jitter >= 0 && jitter <= 0.5)) {
            throw new IllegalArgumentException("a lifetime needs 0 < soft < hard and a jitter of 0 to 0.5, not "
                    + soft + ", " + hard + ", " + jitter);
        }
        if (softVolume.packets() > hardVolume.packets() || softVolume.octets() > hardVolume.octets()) {
            throw new IllegalArgumentException(
                    "the soft volume " + softVolume + " must not exceed the hard volume " + hardVolume);
        }
    }

    /**
     * An amount of traffic in one direction.
     *
     * @param packets inner packets, from 1
     * @param octets octets of inner packets, from 1
     */
    public record Volume(long packets, long octets) {
        /** No limit but that of the sequence number: of 2^32 - 1 packets without extended numbers three quarters. */
        public static final Volume UNLIMITED = new Volume(Long.MAX_VALUE, Long.MAX_VALUE);

        /** Checks the ranges. */
        public Volume {
            if (packets < 1 || octets < 1) {
                throw new IllegalArgumentException(
                        "a volume is at least one packet and one octet, not " + packets + " and " + octets);
            }
        }

        private Volume atMost(long most) {
            return new Volume(Math.min(packets, most), octets);
        }

        boolean isExceededBy(long otherPackets, long otherOctets) {
            return otherPackets >= packets || otherOctets >= octets;
        }
    }

    /**
     * A lifetime by time, with a hard limit of a tenth more but at least a minute, in which the request for a
     * replacement can be repeated; a jitter of a tenth; and no limit by volume but that of short sequence numbers.
     *
     * @param soft after this time a replacement is made
     * @return the lifetime
     */
    public static Lifetime of(Duration soft) {
        Duration tenth = soft.dividedBy(10);
        Duration margin = tenth.compareTo(LEAST_MARGIN) < 0 ? LEAST_MARGIN : tenth;
        return new Lifetime(soft, soft.plus(margin), 0.1, Volume.UNLIMITED, Volume.UNLIMITED);
    }

    /**
     * The same lifetime with other limits by volume.
     *
     * @param softLimit past it a replacement is made
     * @param hardLimit past it the SA ends
     * @return a changed copy
     */
    public Lifetime withVolume(Volume softLimit, Volume hardLimit) {
        return new Lifetime(soft, hard, jitter, softLimit, hardLimit);
    }

    /**
     * The same lifetime for a Child SA whose sequence numbers may be of 32 bits only: they are used up after 2^32 - 1
     * packets, and since they must not come again (RFC 4303 §3.3.3), a replacement is made at three quarters of them.
     */
    Lifetime forSequenceNumbers(boolean extended) {
        return extended
                ? this
                : withVolume(softVolume.atMost(SOFT_SEQUENCE), hardVolume.atMost(LAST_SEQUENCE));
    }

    /** When to begin a replacement of an SA that begins now. */
    long softDeadline(long now, RandomSource random) {
        double part = (random.nextInt() >>> 1) / (double) Integer.MAX_VALUE;
        return now + (long) (soft.toNanos() * (1 - jitter * part));
    }

    long hardDeadline(long now) {
        return now + hard.toNanos();
    }
}
