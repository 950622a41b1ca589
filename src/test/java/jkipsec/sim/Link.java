package jkipsec.sim;

/**
 * What the network does to each datagram.
 *
 * @param loss the probability that it is lost
 * @param duplication the probability that it comes twice
 * @param delay the least time it takes, in nanoseconds
 * @param jitter how much longer it may take, at random, so that datagrams overtake each other
 */
public record Link(double loss, double duplication, long delay, long jitter) {
    public static final Link PERFECT = new Link(0, 0, World.MILLIS, 0);

    public static Link lossy(double loss) {
        return new Link(loss, loss / 2, 5 * World.MILLIS, 4 * World.MILLIS);
    }
}
