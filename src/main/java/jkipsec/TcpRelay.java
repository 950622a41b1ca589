package jkipsec;

import java.io.IOException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.Socket;
import jkipsec.ip.Refusal;
import jkipsec.tcp.TcpOffer;

/** Relays one connection of a device to a socket of this machine's. */
final class TcpRelay {
    private final Forwarding forwarding;
    private final TcpOffer offer;
    private final InetSocketAddress target;
    private final RelayTimeouts timeouts;

    TcpRelay(Forwarding forwarding, TcpOffer offer, InetSocketAddress target, RelayTimeouts timeouts) {
        this.forwarding = forwarding;
        this.offer = offer;
        this.target = target;
        this.timeouts = timeouts;
    }

    /**
     * Connects to the target, then accepts the device's connection, and joins both until they end.
     *
     * @throws IOException when either failed
     */
    void run() throws IOException {
        var onward = new Socket();
        try (onward) {
            forwarding.track(onward);
            connect(onward);
            Socket device;
            try {
                device = forwarding.accept(offer);
            } catch (IOException e) {
                onward.setSoLinger(true, 0); // the target must not take this for a peer that had nothing to say
                throw e;
            }
            new SocketPump(device, onward, timeouts.idle()).run();
        } finally {
            forwarding.forget(onward);
        }
    }

    private void connect(Socket onward) throws IOException {
        try {
            onward.connect(target, (int) timeouts.connect().toMillis());
        } catch (IOException e) {
            forwarding.refuse(offer, refusal(e));
            throw e;
        }
    }

    /** What a device is told when a target could not be reached. */
    private static Refusal refusal(IOException failure) {
        // The JDK has the same exception for a refusal and for a network without a route.
        boolean refused = failure instanceof ConnectException
                && String.valueOf(failure.getMessage()).contains("refused");
        return refused ? Refusal.CLOSED : Refusal.UNREACHABLE;
    }
}
