package jkipsec.gateway;

import java.util.HashMap;
import java.util.Map;
import jkipsec.bytes.RandomSource;
import jkipsec.ike.ChildSa;

/**
 * The Child SAs of one gateway by the SPIs under which they receive (RFC 4303 §2.1). Confined to the gateway's thread,
 * which is the owner of the table.
 */
final class Receivers {
    /** The SPIs below are reserved (RFC 4303 §2.1). */
    private static final int LEAST_SPI = 256;

    /** A Child SA that receives, and the tunnel it belongs to. */
    static final class Receiver {
        private final GatewayTunnel tunnel;
        private final ChildSa child;
        private long newest;

        private Receiver(GatewayTunnel tunnel, ChildSa child) {
            this.tunnel = tunnel;
            this.child = child;
        }

        GatewayTunnel tunnel() {
            return tunnel;
        }

        ChildSa child() {
            return child;
        }

        /** Whether no verified packet with a higher sequence number came before. */
        boolean isNewest(long sequence) {
            boolean newer = Long.compareUnsigned(sequence, newest) > 0;
            newest = newer ? sequence : newest;
            return newer;
        }
    }

    private final RandomSource random;
    private final Map<Integer, Receiver> bySpi = new HashMap<>();

    Receivers(RandomSource random) {
        this.random = random;
    }

    /** An SPI under which none receives. */
    int newSpi() {
        int spi;
        do {
            spi = random.nextInt();
        } while (Integer.compareUnsigned(spi, LEAST_SPI) < 0 || bySpi.containsKey(spi));
        return spi;
    }

    void add(GatewayTunnel tunnel, ChildSa child) {
        bySpi.put(child.inbound().spi(), new Receiver(tunnel, child));
    }

    void remove(ChildSa child) {
        bySpi.remove(child.inbound().spi());
    }

    /** The one that receives under an SPI, or null. */
    Receiver of(int spi) {
        return bySpi.get(spi);
    }
}
