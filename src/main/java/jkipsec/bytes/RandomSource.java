package jkipsec.bytes;

/**
 * Where the core's random octets come from. The program that runs it for real passes
 * {@code new SecureRandom()::nextBytes}; a simulation passes a seeded generator and gets the same run every time.
 */
@FunctionalInterface
public interface RandomSource {
    /**
     * Fills an array with octets nobody can predict.
     *
     * @param octets the array to fill
     */
    void nextBytes(byte[] octets);

    /**
     * Draws octets.
     *
     * @param count how many
     * @return a new array
     */
    default byte[] bytes(int count) {
        byte[] octets = new byte[count];
        nextBytes(octets);
        return octets;
    }

    /**
     * Draws 32 bits.
     *
     * @return any int
     */
    default int nextInt() {
        return Octets.i32(bytes(4), 0);
    }

    /**
     * Draws 64 bits.
     *
     * @return any long
     */
    default long nextLong() {
        return Octets.i64(bytes(8), 0);
    }
}
