package jkipsec.cli.bench;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketException;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import jkipsec.bytes.Octets;
import jkipsec.bytes.RandomSource;
import jkipsec.crypto.EncryptionAlgorithm;
import jkipsec.crypto.KeyExchange;
import jkipsec.crypto.KeyExchangeMethod;
import jkipsec.crypto.Prf;
import jkipsec.ike.message.ExchangeType;
import jkipsec.ike.message.IkeHeader;
import jkipsec.ike.message.IkeMessage;
import jkipsec.ike.message.KePayload;
import jkipsec.ike.message.NoncePayload;
import jkipsec.ike.message.Proposal;
import jkipsec.ike.message.ProtocolId;
import jkipsec.ike.message.SaPayload;
import jkipsec.ike.message.Transform;
import jkipsec.ike.message.TransformType;

/**
 * Good IKE_SA_INIT requests at a steady rate, each of another initiator, from many loopback addresses, by one who never
 * goes on with a handshake nor returns a cookie. {@link #close()} ends it.
 */
final class Flood implements AutoCloseable {
    private static final int SOURCES = 50;
    private static final long STEP_NANOS = 2_000_000;

    private final List<DatagramSocket> sources = new ArrayList<>();
    private volatile boolean stopped;

    private final InetSocketAddress target;
    private final int perSecond;

    /**
     * Prepares it.
     *
     * @param target a gateway's IKE port
     * @param perSecond requests a second
     * @throws IOException when no socket can be had
     */
    Flood(InetSocketAddress target, int perSecond) throws IOException {
        this.target = target;
        this.perSecond = perSecond;
        for (int i = 0; i < SOURCES; i++) {
            sources.add(source(i));
        }
    }

    /** Starts it. */
    void start() {
        byte[] request = request(new SecureRandom()::nextBytes);
        Thread.ofPlatform().daemon().name("flood").start(() -> send(request));
    }

    /** A socket at an address of its own, where the system lets every 127.x.y.z be used, as Linux does. */
    private static DatagramSocket source(int number) throws SocketException {
        try {
            byte[] address = {127, 0, 2, (byte) (1 + number)};
            return new DatagramSocket(new InetSocketAddress(InetAddress.getByAddress(address), 0));
        } catch (IOException refused) {
            return new DatagramSocket(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        }
    }

    private static byte[] request(RandomSource random) {
        KeyExchangeMethod method = KeyExchangeMethod.CURVE25519;
        KeyExchange keyExchange = method.generate(random);
        List<Transform> transforms = List.of(
                Transform.withKeyLength(TransformType.ENCR, EncryptionAlgorithm.AES_GCM_16.transformId(), 256),
                Transform.of(TransformType.PRF, Prf.HMAC_SHA2_256.transformId()),
                Transform.of(TransformType.KE, method.transformId()));
        var proposal = new Proposal(1, ProtocolId.IKE, new byte[0], transforms);
        var header = new IkeHeader(1, 0, ExchangeType.IKE_SA_INIT, true, false, 0);
        return new IkeMessage(header, List.of(
                new SaPayload(List.of(proposal)),
                new KePayload(method.transformId(), keyExchange.publicValue()),
                new NoncePayload(random.bytes(32)))).write();
    }

    private void send(byte[] request) {
        long start = System.nanoTime();
        long sent = 0;
        while (!stopped) {
            long due = (System.nanoTime() - start) * perSecond / 1_000_000_000L;
            for (; sent < due; sent++) {
                Octets.put64(request, 0, sent + 1);
                try {
                    sources.get((int) (sent % SOURCES)).send(new DatagramPacket(request, request.length, target));
                } catch (IOException fullOrClosed) {
                    // As good as lost on the way; and closing ends this thread.
                    LockSupport.parkNanos(STEP_NANOS);
                }
            }
            LockSupport.parkNanos(STEP_NANOS);
        }
    }

    @Override
    public void close() {
        stopped = true;
        sources.forEach(DatagramSocket::close);
    }
}
