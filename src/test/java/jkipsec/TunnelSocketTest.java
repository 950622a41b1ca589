package jkipsec;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.BindException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NoRouteToHostException;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketOption;
import java.net.SocketTimeoutException;
import java.net.StandardSocketOptions;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Sockets through a tunnel do what {@code java.net.Socket} and {@code ServerSocket} document. */
@Timeout(60)
class TunnelSocketTest {
    private static Loopback pair;

    private ServerSocket listening;
    private Socket near;
    private Socket far;

    @BeforeAll
    static void open() throws Exception {
        pair = Loopback.start();
    }

    @AfterAll
    static void close() {
        assertEquals(0, pair.server().statistics().faults());
        pair.close();
    }

    @BeforeEach
    void connect() throws IOException {
        listening = pair.accepted().listen(0);
        near = pair.client().connect(listening.getLocalPort());
        far = listening.accept();
    }

    @AfterEach
    void disconnect() throws IOException {
        near.close();
        far.close();
        listening.close();
    }

    @Test
    void knowWhereTheyAre() throws IOException {
        assertTrue(near.isConnected() && near.isBound() && !near.isClosed());
        assertTrue(far.isConnected() && far.isBound() && !far.isClosed());
        assertEquals(pair.client().localAddress(), near.getLocalAddress());
        assertEquals(pair.accepted().localAddress(), near.getInetAddress());
        assertEquals(listening.getLocalPort(), near.getPort());
        assertEquals(near.getLocalSocketAddress(), far.getRemoteSocketAddress());
        assertEquals(near.getRemoteSocketAddress(), far.getLocalSocketAddress());
        assertTrue(listening.getInetAddress().isAnyLocalAddress());
        assertNull(near.getChannel());
        assertNull(listening.getChannel());
        assertTrue(near.toString().contains(String.valueOf(near.getLocalPort())));
    }

    @Test
    void saySoAtTheEndOfTheStreamAfterTheLastOctet() throws IOException {
        far.getOutputStream().write(new byte[] {1, 2, 3});
        far.shutdownOutput();
        assertArrayEquals(new byte[] {1, 2, 3}, near.getInputStream().readAllBytes());
        assertEquals(-1, near.getInputStream().read());
        assertEquals(-1, near.getInputStream().read(new byte[5]));
    }

    @Test
    void canBeShutHalfAndGoOnTheOtherWay() throws IOException {
        near.shutdownOutput();
        assertTrue(near.isOutputShutdown());
        assertEquals(-1, far.getInputStream().read());
        far.getOutputStream().write(7);
        assertEquals(7, near.getInputStream().read());
        assertThrows(SocketException.class, near::getOutputStream);
        assertThrows(SocketException.class, near::shutdownOutput);
    }

    @Test
    void cannotBeWrittenAfterShutdown() throws IOException {
        OutputStream out = near.getOutputStream();
        near.shutdownOutput();
        assertEquals("Broken pipe", assertThrows(SocketException.class, () -> out.write(1)).getMessage());
    }

    @Test
    void readNothingAfterShutdownOfInput() throws Exception {
        InputStream in = near.getInputStream();
        var reader = Waiter.start(() -> in.read());
        reader.awaitWaiting();
        near.shutdownInput();
        assertEquals(-1, reader.result());
        assertEquals(-1, in.read());
        assertEquals(0, in.available());
        assertThrows(SocketException.class, near::getInputStream);
        near.getOutputStream().write(1);
        assertEquals(1, far.getInputStream().read());
    }

    @Test
    void timeOutWhenNothingIsToBeReadAndGoOnAfterwards() throws IOException {
        near.setSoTimeout(1);
        assertEquals(1, near.getSoTimeout());
        assertThrows(SocketTimeoutException.class, () -> near.getInputStream().read());
        near.setSoTimeout(30_000);
        far.getOutputStream().write(9);
        assertEquals(9, near.getInputStream().read());
    }

    @Test
    void sayHowMuchCanBeReadWithoutWaiting() throws IOException {
        assertEquals(0, near.getInputStream().available());
        far.getOutputStream().write(new byte[10]);
        near.getInputStream().read();
        assertEquals(9, near.getInputStream().available());
    }

    @Test
    void areRefusedWhereNobodyListens() throws IOException {
        int port = listening.getLocalPort();
        listening.close();
        for (int i = 0; i < 2; i++) {
            var e = assertThrows(ConnectException.class, () -> pair.client().connect(port));
            assertTrue(e.getMessage().startsWith("Connection refused"), e.getMessage());
        }
    }

    @Test
    void timeOutWhileConnectingWhenTheBacklogIsFull() throws IOException {
        try (var small = new TunnelServerSocket(shell(pair.accepted()))) {
            small.bind(new InetSocketAddress(pair.accepted().localAddress(), 0), 1);
            var opened = new ArrayList<Socket>();
            assertThrows(SocketTimeoutException.class, () -> {
                for (int i = 0; i < 5; i++) {
                    opened.add(pair.client().connect(small.getLocalPort(), Duration.ofMillis(100)));
                }
            });
            for (Socket socket : opened) {
                socket.close();
            }
        }
    }

    private static TunnelShell shell(Tunnel tunnel) {
        return tunnel.shell();
    }

    @Test
    void seeTheConnectionResetAfterWhatWasReceived() throws Exception {
        far.getOutputStream().write(5);
        assertEquals(5, near.getInputStream().read());
        far.setSoLinger(true, 0);
        far.close();
        for (int i = 0; i < 2; i++) {
            var e = assertThrows(SocketException.class, () -> near.getInputStream().read());
            assertEquals("Connection reset", e.getMessage());
        }
        assertThrows(SocketException.class, () -> near.getOutputStream().write(1));
    }

    @Test
    void seeTheConnectionResetWhenThePeerClosesWithDataUnread() throws Exception {
        near.getOutputStream().write(new byte[10]);
        far.getInputStream().read();
        far.close();
        assertThrows(SocketException.class, () -> near.getInputStream().read());
    }

    @Test
    void closingWakesReadersAndWriters() throws Exception {
        var reader = Waiter.start(() -> near.getInputStream().read());
        var platformReader = Waiter.startPlatform(() -> near.getInputStream().read());
        var writer = Waiter.start(() -> {
            while (true) {
                near.getOutputStream().write(new byte[100_000]);
            }
        });
        reader.awaitWaiting();
        platformReader.awaitWaiting();
        near.close();
        for (var waiter : new Waiter<?>[] {reader, platformReader, writer}) {
            assertThrows(SocketException.class, waiter::result);
        }
        assertThrows(SocketException.class, near::getInputStream);
    }

    @Test
    void aVirtualThreadInterruptedWhileReadingClosesTheSocket() throws Exception {
        var reader = Waiter.start(() -> {
            try {
                return near.getInputStream().read();
            } finally {
                assertTrue(Thread.currentThread().isInterrupted());
            }
        });
        reader.awaitWaiting();
        reader.thread().interrupt();
        assertEquals("Closed by interrupt", assertThrows(SocketException.class, reader::result).getMessage());
        assertTrue(near.isClosed());
        assertEquals(-1, far.getInputStream().read());
    }

    @Test
    void aPlatformThreadInterruptedWhileReadingGoesOn() throws Exception {
        var reader = Waiter.startPlatform(() -> near.getInputStream().read());
        reader.awaitWaiting();
        reader.thread().interrupt();
        far.getOutputStream().write(3);
        assertEquals(3, reader.result());
    }

    @Test
    void aVirtualThreadInterruptedWhileWritingClosesTheSocket() throws Exception {
        var writer = Waiter.start(() -> {
            while (true) {
                near.getOutputStream().write(new byte[100_000]);
            }
        });
        writer.awaitWaiting();
        writer.thread().interrupt();
        assertThrows(SocketException.class, writer::result);
        assertTrue(near.isClosed());
    }

    @Test
    void aVirtualThreadInterruptedWhileAcceptingClosesTheServerSocket() throws Exception {
        var acceptor = Waiter.start(listening::accept);
        acceptor.awaitWaiting();
        acceptor.thread().interrupt();
        assertEquals("Closed by interrupt", assertThrows(SocketException.class, acceptor::result).getMessage());
        assertTrue(listening.isClosed());
    }

    @Test
    void acceptingTimesOut() throws IOException {
        listening.setSoTimeout(1);
        assertThrows(SocketTimeoutException.class, listening::accept);
        assertFalse(listening.isClosed());
    }

    @Test
    void closingAServerSocketWakesWhoAcceptsAndResetsWhoWaits() throws Exception {
        Socket unaccepted = pair.client().connect(listening.getLocalPort());
        listening.accept().close();
        assertEquals(-1, unaccepted.getInputStream().read());
        var acceptor = Waiter.start(listening::accept);
        acceptor.awaitWaiting();
        listening.close();
        assertThrows(SocketException.class, acceptor::result);
        assertThrows(SocketException.class, listening::accept);
    }

    @Test
    void aPortIsListenedOnOnce() {
        var e = assertThrows(BindException.class, () -> pair.accepted().listen(listening.getLocalPort()));
        assertTrue(e.getMessage().contains(String.valueOf(listening.getLocalPort())), e.getMessage());
    }

    @Test
    void optionsAreRememberedAndOthersRefused() throws IOException {
        near.setTcpNoDelay(true);
        near.setKeepAlive(true);
        near.setSoLinger(true, 5);
        near.setReuseAddress(true);
        assertTrue(near.getTcpNoDelay() && near.getKeepAlive() && near.getReuseAddress());
        assertEquals(5, near.getSoLinger());
        near.setSoLinger(false, 0);
        assertEquals(-1, near.getSoLinger());
        assertEquals(-1, near.getOption(StandardSocketOptions.SO_LINGER));
        near.setOption(StandardSocketOptions.TCP_NODELAY, false);
        assertFalse(near.getTcpNoDelay());
        near.setReceiveBufferSize(1_000);
        assertTrue(near.getReceiveBufferSize() > 1_000, "a hint, not followed");
        assertTrue(near.getSendBufferSize() > 0);
        assertTrue(listening.supportedOptions().containsAll(Set.<SocketOption<?>>of(StandardSocketOptions.SO_RCVBUF,
                StandardSocketOptions.SO_REUSEADDR, StandardSocketOptions.IP_TOS)));
        assertThrows(UnsupportedOperationException.class,
                () -> near.setOption(StandardSocketOptions.IP_MULTICAST_TTL, 1));
        assertThrows(UnsupportedOperationException.class,
                () -> listening.setOption(StandardSocketOptions.TCP_NODELAY, true));
        near.close();
        assertThrows(SocketException.class, () -> near.setTcpNoDelay(true));
    }

    @Test
    void aFactoryMakesSocketsThatConnectLater() throws IOException {
        try (Socket socket = pair.client().socketFactory().createSocket()) {
            assertFalse(socket.isConnected());
            assertNull(socket.getRemoteSocketAddress());
            assertThrows(SocketException.class, socket::getInputStream);
            socket.bind(null);
            socket.connect(new InetSocketAddress(pair.client().remoteAddress(), listening.getLocalPort()), 20_000);
            assertTrue(socket.isConnected());
            assertThrows(SocketException.class, () -> socket.connect(near.getRemoteSocketAddress()));
        }
        String literal = pair.client().remoteAddress().getHostAddress();
        pair.client().socketFactory().createSocket(literal, listening.getLocalPort()).close();
    }

    @Test
    void aBoundSocketConnectsFromItsPort() throws IOException {
        InetAddress here = pair.client().localAddress();
        try (Socket socket = pair.client().socketFactory().createSocket(
                pair.client().remoteAddress(), listening.getLocalPort(), here, 12_345)) {
            assertEquals(12_345, socket.getLocalPort());
            listening.accept().close();
        }
        assertThrows(BindException.class, () -> pair.client().socketFactory().createSocket(
                pair.client().remoteAddress(), listening.getLocalPort(), InetAddress.getByName("10.9.9.9"), 0));
    }

    @Test
    void anotherDestinationIsNotReachableAndTheMessageSaysWhichIs() throws IOException {
        try (Socket socket = pair.client().socketFactory().createSocket()) {
            var e = assertThrows(NoRouteToHostException.class,
                    () -> socket.connect(new InetSocketAddress("10.9.9.9", 80)));
            assertTrue(e.getMessage().contains("10.9.9.9") && e.getMessage().contains("10.8.0.1"), e.getMessage());
            // As with other sockets, isClosed() does not say so on Java 21.
            var closed = assertThrows(SocketException.class, () -> socket.connect(new InetSocketAddress("10.8.0.1", 80)));
            assertTrue(closed.getMessage().contains("closed"), closed.getMessage());
        }
        assertThrows(UnknownHostException.class,
                () -> pair.client().socketFactory().createSocket("device.example.com", 80));
    }

    @Test
    void aPortOutOfRangeIsNamed() {
        var e = assertThrows(IllegalArgumentException.class, () -> pair.client().connect(70_000));
        assertTrue(e.getMessage().contains("70000"));
        assertThrows(IllegalArgumentException.class, () -> pair.client().listen(-1));
    }

    @Test
    void aSlowReaderHoldsTheWriterBackAndLosesNothing() throws Exception {
        long size = 8 * 1024 * 1024;
        var writer = Waiter.start(() -> Loopback.send(near, size, 4));
        writer.awaitWaiting();
        assertTrue(far.getInputStream().available() <= far.getReceiveBufferSize());
        assertEquals(Loopback.receive(far), writer.result());
    }

    @Test
    void oneThatWasAcceptedWhileTheListeningSocketClosesGoesOn() throws Exception {
        for (int round = 0; round < 100; round++) {
            var closing = pair.accepted().listen(0);
            var opened = new HashMap<Integer, Socket>();
            var acceptors = new ArrayList<Waiter<Socket>>();
            for (int i = 0; i < 4; i++) {
                Socket one = pair.client().connect(closing.getLocalPort());
                opened.put(one.getLocalPort(), one);
            }
            for (int i = 0; i < 4; i++) {
                acceptors.add(Waiter.start(closing::accept));
            }
            closing.close();
            for (Waiter<Socket> acceptor : acceptors) {
                try (Socket accepted = acceptor.result()) {
                    accepted.getOutputStream().write(1);
                    assertEquals(1, opened.get(accepted.getPort()).getInputStream().read());
                } catch (SocketException e) {
                    assertTrue(e.getMessage().toLowerCase().contains("closed"), e.getMessage()); // it came too late
                }
            }
            for (Socket socket : opened.values()) {
                socket.close();
            }
        }
    }
}
