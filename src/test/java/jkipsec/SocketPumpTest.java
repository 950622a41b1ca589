package jkipsec;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Two pairs of loopback sockets whose inner ends are joined: {@code left - (a pump b) - right}. */
@Timeout(60)
class SocketPumpTest implements AutoCloseable {
    private final Socket left;
    private final Socket a;
    private final Socket b;
    private final Socket right;

    SocketPumpTest() throws IOException {
        try (var listener = new ServerSocket(0, 2, InetAddress.getLoopbackAddress())) {
            left = new Socket(listener.getInetAddress(), listener.getLocalPort());
            a = listener.accept();
            right = new Socket(listener.getInetAddress(), listener.getLocalPort());
            b = listener.accept();
        }
    }

    @Override
    public void close() throws IOException {
        left.close();
        right.close();
    }

    private Waiter<Void> pump(Duration idle) {
        return pump(a, idle);
    }

    private Waiter<Void> pump(Socket one, Duration idle) {
        return Waiter.start(() -> {
            new SocketPump(one, b, idle).run();
            return null;
        });
    }

    /** The socket that the pump reads from left, for which the memory does not suffice. */
    private final class Failing extends Socket {
        @Override
        public InputStream getInputStream() {
            throw new OutOfMemoryError("not really");
        }

        @Override
        public OutputStream getOutputStream() throws IOException {
            return a.getOutputStream();
        }

        @Override
        public void setSoLinger(boolean on, int seconds) throws SocketException {
            a.setSoLinger(on, seconds);
        }

        @Override
        public void close() throws IOException {
            a.close();
        }
    }

    @Test
    void anErrorInOneDirectionIsNoOrderlyEnd() throws Exception {
        try (Socket failing = new Failing()) {
            Waiter<Void> pump = pump(failing, Duration.ZERO);
            assertThrows(IOException.class, pump::result);
            assertThrows(SocketException.class, () -> right.getInputStream().read());
            assertThrows(SocketException.class, () -> left.getInputStream().read());
        }
    }

    @Test
    void octetsGoBothWaysAndEachDirectionEndsAlone() throws Exception {
        Waiter<Void> pump = pump(Duration.ZERO);
        var sent = Waiter.start(() -> Loopback.send(left, 1_000_000, 1));
        assertEquals(Loopback.receive(right), sent.result());
        // Left has ended; right still has something to say.
        var answer = Waiter.start(() -> Loopback.send(right, 1_000_000, 2));
        assertEquals(Loopback.receive(left), answer.result());
        pump.result();
        assertEquals(true, a.isClosed() && b.isClosed());
    }

    @Test
    void aResetOnOneSideIsAResetOnTheOther() throws Exception {
        Waiter<Void> pump = pump(Duration.ZERO);
        left.getOutputStream().write(1);
        assertEquals(1, right.getInputStream().read());
        left.setSoLinger(true, 0);
        left.close();
        assertThrows(SocketException.class, () -> right.getInputStream().read());
        assertThrows(IOException.class, pump::result);
    }

    @Test
    void silenceOfBothSidesEndsIt() throws Exception {
        Waiter<Void> pump = pump(Duration.ofMillis(50));
        assertThrows(SocketTimeoutException.class, pump::result);
        assertThrows(SocketException.class, () -> right.getInputStream().read());
        assertThrows(SocketException.class, () -> left.getInputStream().read());
    }

    @Test
    void whoTakesNothingEndsItAlsoWhenNobodyIsReadAnyMore() throws Exception {
        Waiter<Void> pump = pump(Duration.ofMillis(300));
        left.shutdownOutput();
        assertEquals(-1, right.getInputStream().read());
        // Left has ended and does not read: what right says fills every buffer, and then nothing moves.
        var speaker = Waiter.start(() -> sayForEver(right));
        assertThrows(SocketTimeoutException.class, pump::result);
        assertThrows(IOException.class, speaker::result);
    }

    @Test
    void twoSidesThatBothTakeNothingEndIt() throws Exception {
        Waiter<Void> pump = pump(Duration.ofMillis(300));
        var one = Waiter.start(() -> sayForEver(left));
        var other = Waiter.start(() -> sayForEver(right));
        assertThrows(SocketTimeoutException.class, pump::result);
        assertThrows(IOException.class, one::result);
        assertThrows(IOException.class, other::result);
    }

    private static Void sayForEver(Socket socket) throws IOException {
        byte[] words = new byte[64 * 1024];
        while (true) {
            socket.getOutputStream().write(words);
        }
    }

    @Test
    void anInterruptEndsIt() throws Exception {
        Waiter<Void> pump = pump(Duration.ZERO);
        left.getOutputStream().write(new byte[] {1, 2, 3});
        assertArrayEquals(new byte[] {1, 2, 3}, right.getInputStream().readNBytes(3));
        pump.thread().interrupt();
        assertThrows(IOException.class, () -> right.getInputStream().read());
        assertThrows(IOException.class, pump::result);
    }
}
