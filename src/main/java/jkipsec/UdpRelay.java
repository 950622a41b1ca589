package jkipsec;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.net.NoRouteToHostException;
import java.net.PortUnreachableException;
import java.util.Arrays;
import jkipsec.ip.Refusal;
import jkipsec.udp.UdpOffer;

/** Relays one flow of datagrams of a device to a socket of this machine's. */
final class UdpRelay {
    /** Enough for what is usual, the largest DNS answers included. */
    private static final int USUAL = 4 * 1024 + 512;

    private static final int LARGEST = 65_535;

    private final Forwarding forwarding;
    private final UdpOffer offer;
    private final InetSocketAddress target;

    UdpRelay(Forwarding forwarding, UdpOffer offer, InetSocketAddress target) {
        this.forwarding = forwarding;
        this.offer = offer;
        this.target = target;
    }

    /**
     * Moves datagrams both ways until the flow ends.
     *
     * @throws IOException when the target cannot be reached; the device was told
     */
    void run() throws IOException {
        try (var onward = open()) {
            forwarding.track(onward);
            try {
                onward.setBroadcast(false); // which is on in a new one
                connect(onward);
                relay(onward);
            } finally {
                forwarding.forget(onward);
            }
        }
    }

    private DatagramSocket open() throws IOException {
        try {
            return new DatagramSocket();
        } catch (IOException e) {
            forwarding.refuse(offer, Refusal.UNREACHABLE); // this machine has no more sockets to give
            throw e;
        }
    }

    private void connect(DatagramSocket onward) throws IOException {
        try {
            onward.connect(target);
        } catch (IOException e) {
            forwarding.refuse(offer, Refusal.UNREACHABLE);
            throw e;
        }
    }

    private void relay(DatagramSocket onward) throws IOException {
        UdpLink device = forwarding.accept(offer);
        try {
            Thread.ofVirtual().name("jkipsec-relay").start(() -> back(onward, device));
            for (byte[] payload = next(device); payload != null; payload = next(device)) {
                send(onward, payload);
            }
        } finally {
            device.close();
        }
    }

    /** The next datagram of the device's; null when the flow has ended, whoever ended it. */
    private static byte[] next(UdpLink device) {
        try {
            return device.received().take(0).payload();
        } catch (IOException ended) {
            return null;
        }
    }

    private void send(DatagramSocket onward, byte[] payload) throws IOException {
        try {
            onward.send(new DatagramPacket(payload, payload.length));
        } catch (IOException e) {
            if (!told(e) && onward.isClosed()) {
                throw e;
            }
            // Otherwise this one is lost, as any datagram may be.
        }
    }

    private void back(DatagramSocket onward, UdpLink device) {
        byte[] buffer = new byte[USUAL];
        try (onward) {
            while (true) {
                var packet = new DatagramPacket(buffer, buffer.length);
                onward.receive(packet);
                if (packet.getLength() < buffer.length || buffer.length == LARGEST) {
                    device.send(offer.local().address(), offer.remote(),
                            Arrays.copyOf(buffer, packet.getLength()));
                } else {
                    buffer = new byte[LARGEST]; // it may be cut short, and is lost; the next will not be
                }
            }
        } catch (IOException e) {
            if (!told(e)) {
                device.close();
            }
        }
    }

    /** Tells the device why nothing arrives, which ends the flow; says whether the failure means that. */
    private boolean told(IOException failure) {
        if (failure instanceof PortUnreachableException) {
            forwarding.refuse(offer, Refusal.CLOSED);
            return true;
        }
        if (failure instanceof NoRouteToHostException) {
            forwarding.refuse(offer, Refusal.UNREACHABLE);
            return true;
        }
        return false;
    }
}
