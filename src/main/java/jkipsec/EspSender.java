package jkipsec;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import jkipsec.bytes.PacketBuffer;
import jkipsec.esp.OutboundSa;
import jkipsec.esp.SequenceExhausted;
import jkipsec.ip.IpProtocol;

/**
 * Seals a tunnel's outgoing packets and sends them, on a virtual thread of its own.
 *
 * <p>The thread is the sole owner of the tunnel's outbound SAs, and so of their keys and sequence numbers; one of them
 * seals at a time. Packets beyond a bound are dropped, which TCP inside the tunnel takes as the sign of congestion that it is; replacing the SA
 * is never dropped and happens between the packets queued before and after it. {@link #send}, {@link #install} and
 * {@link #stop} may be called from the engine; the counters from anywhere.
 */
final class EspSender {
    private static final long WAITING_OCTETS = 4L * 1024 * 1024;

    private sealed interface Command {}

    private record Packet(PacketBuffer inner) implements Command {}

    private record Install(OutboundSa sa, DatagramSocket socket, InetSocketAddress peer) implements Command {}

    private record Discard(OutboundSa sa) implements Command {}

    private record Stop() implements Command {}

    private final Mailbox<Command> commands = new Mailbox<>(WAITING_OCTETS);
    private final AtomicLong packets = new AtomicLong();
    private final AtomicLong octets = new AtomicLong();
    private final LongAdder dropped = new LongAdder();
    private final Thread thread;

    // Confined to the sender's thread.
    private final DatagramPacket datagram = new DatagramPacket(new byte[0], 0);
    private OutboundSa sa;
    private DatagramSocket socket;

    /**
     * Starts the thread; it drops packets until an SA is installed.
     *
     * @param name the tunnel's name, for the thread's
     */
    EspSender(String name) {
        thread = Thread.ofVirtual().name("jkipsec-esp-" + name).start(this::run);
    }

    /** Takes an inner packet over; drops it when too many wait. */
    void send(PacketBuffer inner) {
        if (!commands.offer(new Packet(inner), inner.length())) {
            dropped.increment();
        }
    }

    /** Replaces the SA and the path; every SA installed is the sender's until {@link #discard}, and may come again. */
    void install(OutboundSa outbound, DatagramSocket from, InetSocketAddress peer) {
        if (!commands.put(new Install(outbound, from, peer))) {
            outbound.destroy();
        }
    }

    /** Destroys an SA that was installed, or never will be, once what was queued before is sent. */
    void discard(OutboundSa outbound) {
        if (!commands.put(new Discard(outbound))) {
            outbound.destroy();
        }
    }

    /** Sends what was queued before, destroys the SA and ends the thread. */
    void stop() {
        commands.put(new Stop());
    }

    /** Packets sent. */
    long packets() {
        return packets.get();
    }

    /** Octets sent, counted inside the tunnel. */
    long octets() {
        return octets.get();
    }

    /** Packets not sent: too many waiting, no SA, or refused by the system. */
    long dropped() {
        return dropped.sum();
    }

    /** The thread that {@link #stop()} ends. */
    Thread thread() {
        return thread;
    }

    private void run() {
        while (true) {
            switch (commands.poll()) {
                case null -> commands.await(Long.MAX_VALUE);
                case Packet packet -> seal(packet.inner);
                case Install install -> replace(install);
                case Discard discard -> destroy(discard.sa);
                case Stop stop -> {
                    destroy(sa);
                    commands.close(leftover -> {
                        switch (leftover) {
                            case Install late -> late.sa.destroy();
                            case Discard late -> late.sa.destroy();
                            case Packet late -> dropped.increment();
                            case Stop again -> {}
                        }
                    });
                    return;
                }
            }
        }
    }

    private void replace(Install install) {
        sa = install.sa;
        socket = install.socket;
        datagram.setSocketAddress(install.peer);
    }

    private void destroy(OutboundSa discarded) {
        if (discarded != null) {
            discarded.destroy();
        }
        if (sa == discarded) {
            sa = null;
        }
    }

    private void seal(PacketBuffer inner) {
        if (sa == null) {
            dropped.increment();
            return;
        }
        int length = inner.length();
        int version = inner.array()[inner.offset()] >> 4 & 0xf;
        try {
            PacketBuffer sealed = sa.seal(inner, version == 4 ? IpProtocol.IPV4 : IpProtocol.IPV6);
            datagram.setData(sealed.array(), sealed.offset(), sealed.length());
            socket.send(datagram);
            // Written by this thread alone, so that no atomic addition is needed.
            packets.setOpaque(packets.getPlain() + 1);
            octets.setOpaque(octets.getPlain() + length);
        } catch (IOException | SequenceExhausted | RuntimeException e) {
            // The network is unreachable for the moment, or the sequence numbers are used up: TCP inside tries again.
            dropped.increment();
        }
    }
}
